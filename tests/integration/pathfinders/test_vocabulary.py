"""Criteria, reasons and letters as published data: by whom, in versions, and never changing what an old bid says."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from pathfinders import actions
from pathfinders.letters import STEPS, known_placeholders
from pathfinders.models import CriteriaSet, Criterion, LetterTemplate, Reason
from registry.errors import Refused
from registry.models import Mail
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db
ROWS = [{"title": "Access", "question": "How do patients reach you?"}, {"title": "Money", "question": "Whose?"}]
MARCH = date(2011, 3, 1)


@pytest.fixture
def who():
    return told.people()


def publish(by, scope="national", **more):
    return actions.publish_criteria(**{"by": by, "scope": scope, "published_on": MARCH, "criteria": ROWS} | more)


def refused(call, *args, **more) -> Refused:
    with pytest.raises(Refused) as error:
        call(*args, **more)
    return error.value


class TestCriteria:
    def test_the_next_version_is_in_force_from_its_day_and_the_last_one_before(self, who):
        second = publish(who.admin)
        assert (second.key, [c.key for c in second.criteria.all()]) == ("national-2", ["access", "money"])
        assert CriteriaSet.objects.in_force(MARCH) == second
        assert CriteriaSet.objects.in_force(date(2011, 2, 28)).version == 1

    def test_an_sha_publishes_its_own_and_no_other(self, who):
        for code in ("Q36", "Q31"):
            make.make_sha(code)
        sha = told.person(sha_assessor="Q36")
        assert publish(sha, "Q36").key == "Q36-1"
        assert refused(publish, sha, "Q31").status == 403
        assert refused(publish, sha).status == 403
        assert refused(publish, who.admin, "Q36").status == 403
        assert refused(publish, who.assessor).status == 403

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"criteria": []}, "title-1"),
            ({"criteria": [{"title": " ", "question": "?"}]}, "title-1"),
            ({"criteria": [*ROWS, {"title": "More", "question": ""}]}, "question-3"),
            ({"criteria": [*ROWS, {"title": "access!", "question": "?"}]}, "title-3"),
            ({"criteria": [{"title": "?!", "question": "?"}]}, "title-1"),
            ({"published_on": date(2999, 1, 1)}, "published_on"),
            ({"published_on": date(2010, 1, 1)}, "published_on"),
        ],
    )
    def test_what_cannot_be_published_is_said_with_its_field(self, who, more, field):
        assert refused(publish, who.admin, **more).field == field
        assert CriteriaSet.objects.count() == 1

    def test_the_second_of_two_publishers_is_told(self, who):
        publish(who.admin, after=1)
        assert refused(publish, who.admin, after=1).status == 412

    def test_new_criteria_change_no_byte_of_a_submitted_bid(self, who):
        bid = told.submitted(who)
        client = signed_in(who.lead)
        before = client.get(f"/lead/bids/{bid.ref}/").content
        public = client.get("/criteria/national-1/")
        publish(who.admin, published_on=date(2010, 10, 21))
        assert client.get(f"/lead/bids/{bid.ref}/").content == before
        assert told.fresh(bid).criteria == CriteriaSet.objects.get(version=1)
        after = client.get("/criteria/national-1/")
        assert public.context["criteria"] == after.context["criteria"]

    def test_a_set_that_a_bid_answers_takes_no_other_criterion_and_keeps_its_day(self, who):
        bid = told.submitted(who)
        for change in (
            lambda: Criterion.objects.create(set=bid.criteria, position=9, key="more", title="More", question="?"),
            lambda: CriteriaSet.objects.filter(pk=bid.criteria_id).update(published_on=MARCH),
        ):
            with pytest.raises(DatabaseError, match="locked these criteria"), transaction.atomic():
                change()


class TestCriteriaPages:
    def sent(self, client, path, **more):
        form = client.get(path).context["form"]
        hidden = {
            name: "" if (value := form[name].value()) is None else value
            for name in form.fields
            if name != "published_on"
        }
        return hidden | day("published_on", "1 3 2011") | more

    def test_published_from_the_last_version_and_read_by_everybody(self, who, client):
        admin = signed_in(who.admin)
        path = "/staff/criteria/new/"
        sent = self.sent(admin, path, **{"title-1": "", "question-1": "", "title-5": "Access", "question-5": "How?"})
        answer = admin.post(path, sent)
        assert answer["Location"] == "/criteria/national-2/"
        keys = [c.key for c in CriteriaSet.objects.get(version=2).criteria.all()]
        assert keys == ["clinical_leadership", "local_authority", "qipp", "access"]
        page = text_of(client.get("/criteria/national-2/"))
        assert "How?" in page and "It is in force" in page
        assert "took its place on 1 March 2011" in text_of(client.get("/criteria/national-1/"))
        assert "/criteria/national-2/" in text_of(client.get("/criteria/"))

    def test_a_row_is_added_without_losing_what_was_typed(self, who):
        admin = signed_in(who.admin)
        path = "/staff/criteria/new/"
        sent = self.sent(admin, path, **{"title-5": "Half a row", "published_on_day": "x", "another": "1"})
        page = admin.post(path, sent)
        assert page.status_code == 200 and page.context["form"].row_count() == 6
        assert "Half a row" in text_of(page) and 'value="x"' in text_of(page)
        assert CriteriaSet.objects.count() == 1

    def test_a_refusal_stands_at_its_row(self, who):
        admin = signed_in(who.admin)
        path = "/staff/criteria/new/"
        sent = self.sent(admin, path, **{"title-2": "", "question-2": "", "title-5": "No question"})
        page = admin.post(path, sent)
        assert page.status_code == 422 and list(page.context["form"].errors) == ["question-5"]

    def test_a_stale_form_shows_what_was_published_meanwhile(self, who):
        admin = signed_in(who.admin)
        path = "/staff/criteria/new/"
        sent = self.sent(admin, path, **{"title-5": "Mine", "question-5": "My question"})
        publish(who.admin)
        page = admin.post(path, sent)
        assert page.status_code == 412 and "How do patients reach you?" in text_of(page) and "Mine" in text_of(page)
        assert admin.post(path, sent | {"after": page.context["form"]["after"].value()}).status_code == 302

    def test_an_sha_has_a_page_of_its_own(self, who):
        make.make_sha("Q36")
        client = signed_in(told.person(sha_assessor="Q36"))
        assert "/pct/criteria/Q36/" in text_of(client.get("/pct/criteria/"))
        path = "/pct/criteria/Q36/"
        answer = client.post(path, self.sent(client, path, **{"title-1": "Access", "question-1": "How?"}))
        assert answer["Location"] == "/criteria/Q36-1/"
        assert client.get("/pct/criteria/Q31/").status_code == 404

    @pytest.mark.parametrize("key", ["national-9", "national", "national-1x", "-1", "Q36-1", "national-99999999"])
    def test_a_set_that_is_not_there_is_not_found(self, client, key):
        assert client.get(f"/criteria/{key}/").status_code == 404


class TestReasons:
    def add(self, by, **more):
        return actions.add_reason(**{"by": by, "label": "No room", "kinds": ["decline"], "start": MARCH} | more)

    def test_given_from_its_day_until_it_is_ended(self, who):
        reason = self.add(who.admin, outside_criteria=True)
        usable = lambda day: reason in Reason.objects.usable("declined", day)  # noqa: E731
        assert reason.key == "no_room" and usable(MARCH) and not usable(date(2011, 2, 28))
        actions.end_reason(by=who.admin, reason=reason, on=date(2011, 4, 1))
        assert usable(date(2011, 3, 31)) and not usable(date(2011, 4, 1))
        assert refused(actions.end_reason, by=who.admin, reason=reason, on=date(2011, 5, 1)).status == 409

    def test_a_decision_keeps_a_reason_that_was_ended(self, who):
        wave = told.wave(who)
        bid = told.decided(who, wave, outcome="declined")
        actions.end_reason(by=who.admin, reason="finance", on=date(2011, 2, 25))
        assert "Finances" in text_of(signed_in(who.approver).get(f"/staff/bids/{bid.ref}/"))
        told.release(who, wave)
        assert "Finances" in text_of(signed_in(who.lead).get(f"/decisions/?as_of={told.ANNOUNCED_ON}"))

    def test_refused(self, who):
        self.add(who.admin)
        assert refused(self.add, who.admin).field == "label"
        assert refused(self.add, who.admin, label="?").field == "label"
        assert refused(self.add, who.admin, label=" ").field == "label"
        assert refused(self.add, who.admin, kinds=["other"]).field == "kinds"
        assert refused(self.add, who.approver).status == 403
        assert refused(actions.end_reason, by=who.admin, reason="no_room", on=MARCH).field == "on"

    @pytest.mark.parametrize("change", [{"label": "Other words"}, {"outside_criteria": True}, {"key": "x"}])
    def test_postgres_lets_nobody_reword_one(self, change):
        with pytest.raises(DatabaseError, match="never reworded"), transaction.atomic():
            Reason.objects.filter(key="finance").update(**change)

    def test_the_pages(self, who):
        client = signed_in(who.admin)
        sent = {"label": "No room", "kinds": ["decline", "return"], "outside_criteria": "on"} | day(
            "start", "1 3 2011"
        )
        assert client.post("/staff/reasons/new/", sent).status_code == 302
        page = text_of(client.get("/staff/reasons/?outside=yes"))
        assert "No room" in page and "Outside the published criteria" in page and "Finances" not in page
        assert client.post("/staff/reasons/no_room/end/", day("on", "1 1 2011")).status_code == 422
        assert client.post("/staff/reasons/no_room/end/", day("on", "1 5 2011")).status_code == 302
        assert "not from 1 May 2011 on" in text_of(client.get("/staff/reasons/"))
        assert client.get("/staff/reasons/nothing/end/").status_code == 404
        reader = text_of(signed_in(who.assessor).get("/staff/reasons/"))
        assert "No room" in reader and "/end/" not in reader and "/new/" not in reader


class TestLetters:
    BODY = "Dear all,\n\n{outcome}\n\n{findings}\n\n{reasons}\n\n{conditions}\n\n{text}"

    def save(self, by, **more):
        sent = {"by": by, "step": "decision", "subject": "{bid}: {outcome}", "body": self.BODY}
        return actions.save_template(**sent | more)

    def test_the_newest_version_is_what_is_written(self, who):
        self.save(who.admin)
        self.save(who.admin, subject="Outcome of {bid}")
        told.decided(who, told.wave(who), outcome="declined")
        mail = Mail.objects.get(held_for="wave-3")
        assert mail.subject.startswith("Outcome of Southwark (BID-") and "Finances" in mail.body
        assert "{" not in mail.body
        assert list(LetterTemplate.objects.values_list("version", flat=True)) == [1, 2]

    @pytest.mark.parametrize(
        ("more", "field", "says"),
        [
            ({"body": BODY.replace("{reasons}", "")}, "body", "{reasons}"),
            ({"body": BODY + "{minister}"}, "body", "{minister}"),
            ({"subject": "{nonsense}"}, "subject", "{nonsense}"),
            ({"subject": " "}, "subject", "needs a subject"),
            ({"subject": "a\nb"}, "subject", "one line"),
        ],
    )
    def test_a_template_that_would_say_too_little_is_refused(self, who, more, field, says):
        error = refused(self.save, who.admin, **more)
        assert error.field == field and says in error.message

    def test_who_may_and_who_comes_second(self, who):
        assert refused(self.save, who.approver).status == 403
        self.save(who.admin, after=0)
        assert refused(self.save, who.admin, after=0).status == 412

    @pytest.mark.parametrize("step", STEPS)
    def test_each_built_in_letter_would_pass_and_its_example_is_whole(self, who, step):
        told_of = STEPS[step]
        self.save(who.admin, step=step, subject=told_of.subject, body=told_of.body)
        page = signed_in(who.assessor).get(f"/staff/letters/{step}/")
        words = page.context["example"]["subject"] + page.context["example"]["body"]
        assert page.status_code == 200 and "{" not in words and "“”" not in words
        assert all(f"{{{name}}}" in text_of(page) for name in known_placeholders(step))

    def test_tried_saved_and_kept_in_versions(self, who):
        client, path = signed_in(who.admin), "/staff/letters/decision/"
        tried = client.post(path, {"subject": "S", "body": self.BODY, "after": 0, "show": "1"})
        assert "Nothing is saved yet" in text_of(tried) and "Dear all," in tried.context["example"]["body"]
        assert not LetterTemplate.objects.exists()
        short = client.post(path, {"subject": "S", "body": "Hello", "after": 0})
        assert short.status_code == 422 and "{reasons}" in errors_of(short)[0] and "Hello" in text_of(short)
        assert client.post(path, {"subject": "S", "body": self.BODY, "after": 0}).status_code == 302
        stale = client.post(path, {"subject": "Other", "body": self.BODY, "after": 0})
        assert stale.status_code == 412 and "Other" in text_of(stale)
        assert "Version 1" in text_of(client.get(path)) and "Version 1" in text_of(client.get("/staff/letters/"))
        reader = signed_in(who.assessor)
        assert "Save as the next version" not in text_of(reader.get(path))
        assert reader.post(path, {"subject": "S", "body": self.BODY, "after": 1}).status_code == 403
        assert client.get("/staff/letters/nothing/").status_code == 404
