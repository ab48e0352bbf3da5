from django.apps import AppConfig


class PathfindersConfig(AppConfig):
    name = "pathfinders"
    verbose_name = "The programme"

    def ready(self) -> None:
        from registry.pages.areas import add_area

        add_area("Staff", "/staff/", roles={"assessor", "approver", "programme_admin", "sha_assessor"}, superuser=True)
        add_area("Lead", "/lead/", roles={"consortium_lead", "consortium_deputy"})
        add_area("Practice", "/practice/", roles={"practice_manager"})
        add_area("PCT", "/pct/", roles={"pct_lead"})
