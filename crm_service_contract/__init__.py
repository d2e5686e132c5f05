from . import controllers, demo, lib, models, wizards
