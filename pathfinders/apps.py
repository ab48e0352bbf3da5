from django.apps import AppConfig


class PathfindersConfig(AppConfig):
    name = "pathfinders"
    verbose_name = "The programme"
