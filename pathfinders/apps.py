from django.apps import AppConfig


class PathfindersConfig(AppConfig):
    name = "pathfinders"
    verbose_name = "The programme"

    def ready(self) -> None:
        from pathfinders.areas import add_areas

        add_areas()
