from django.db import migrations, models

# What was sent before kinds were told apart answered a command of the list.
_TO_KINDS = """
ALTER TABLE desk_message ALTER COLUMN automatic TYPE varchar(40) USING CASE WHEN automatic THEN 'audience' ELSE '' END
"""
_BACK = "ALTER TABLE desk_message ALTER COLUMN automatic TYPE boolean USING automatic <> ''"


class Migration(migrations.Migration):
    dependencies = [("desk", "0120_edits_and_routing")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="answer_withheld",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person", "Risposta automatica non inviata: troppe in poco tempo"),
                    (
                        "organization",
                        "Risposta automatica non inviata: l’ente ne ha inviate troppe in poco tempo",
                    ),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.RunSQL(
            _TO_KINDS,
            _BACK,
            state_operations=[
                migrations.AlterField(
                    model_name="message",
                    name="automatic",
                    field=models.CharField(blank=True, max_length=40),
                )
            ],
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("automatic", ""),
                    models.Q(("author__isnull", True), ("direction", "out")),
                    _connector="OR",
                ),
                name="desk_message_nobodys",
            ),
        ),
    ]
