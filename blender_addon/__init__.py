"""Greybox inside Blender: register and unregister, nothing else.

The siblings are imported in `register()`, so the files that need no Blender (connection, launcher, job_book) can be
imported and tested without it.
"""


def _modules():
    from . import box_operators, handlers, jobs, operators, overlay, panels, preferences, properties

    return (preferences, properties, box_operators, operators, panels, overlay, jobs, handlers)


def register() -> None:
    for module in _modules():
        module.register()


def unregister() -> None:
    for module in reversed(_modules()):
        module.unregister()
