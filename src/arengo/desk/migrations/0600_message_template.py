from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0150_incoming_count"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="template",
            field=models.CharField(blank=True, db_default="", default="", max_length=50),
        ),
    ]
