import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consortia', '0006_search_names'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='leftout',
            name='reason_known',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='reason_known',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membershipword',
            name='ended_not_edited',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membershipword',
            name='no_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membershipword',
            name='no_truncate',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leftout',
            trigger=pgtrigger.compiler.Trigger(name='reason_known', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (\n    SELECT 1 FROM (SELECT DISTINCT reason AS key FROM new_words) f\n    WHERE NOT EXISTS (SELECT 1 FROM consortia_membershipword w WHERE 'left_out' = ANY(w.kinds) AND w.key = f.key)\n) THEN\n    RAISE EXCEPTION 'a reason is one of the vocabulary (%)', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='f53734e400f00dd846aa7a5ed2a5c881bcd1536f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_reason_known_487ab', referencing='REFERENCING NEW TABLE AS new_words ', table='consortia_leftout', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='reason_known', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (\n    SELECT 1 FROM (SELECT DISTINCT reason AS key FROM new_words) f\n    WHERE NOT EXISTS (SELECT 1 FROM consortia_membershipword w WHERE w.key = f.key)\n) THEN\n    RAISE EXCEPTION 'a reason is one of the vocabulary (%)', TG_TABLE_NAME USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n", hash='fcd72edcdfde49c85fd7077c1325f5544c6d251b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_reason_known_f95ba', referencing='REFERENCING NEW TABLE AS new_words ', table='consortia_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipword',
            trigger=pgtrigger.compiler.Trigger(name='ended_not_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (to_jsonb(NEW) - '{position,period}'::text[]) <> (to_jsonb(OLD) - '{position,period}'::text[])\n    OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period)\n    OR upper(OLD.period) IS NOT NULL AND NEW.period <> OLD.period THEN\n    RAISE EXCEPTION 'a word is never reworded: end it and add another' USING ERRCODE = 'restrict_violation';\nEND IF;\nRETURN NEW;\n", hash='f606d0f01bd263a0524e8da62f31be0bdc21b354', operation='UPDATE', pgid='pgtrigger_ended_not_edited_2db97', table='consortia_membershipword', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipword',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'words (end them) are never deleted (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='e9217d3454c154515d24e9ea76de2bc87a96aed2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_no_delete_57920', table='consortia_membershipword', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipword',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'words (end them) are never deleted (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='cfdcdf1e6ab769313e828908d1b1c0b8c914ba17', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_c40b6', table='consortia_membershipword', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membershipword',
            constraint=models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='membershipword_said'),
        ),
    ]
