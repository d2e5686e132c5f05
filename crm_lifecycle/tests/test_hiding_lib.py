"""Views lose what names hidden fields, and nothing else."""

from xml.etree import ElementTree

from ..lib import hiding

COMODELS = {("visit", "customer_id"): "customer", ("visit", "line_ids"): "line"}


def prune(text, model="customer", **hidden):
    root = ElementTree.fromstring(text)
    names = {key: frozenset(value) for key, value in hidden.items()}
    hiding.prune_view(root, model, names, lambda m, n: COMODELS.get((m, n)))
    return ElementTree.tostring(root, encoding="unicode")


def test_fields_labels_and_filters_go():
    text = (
        "<search><label for='due'/><field name='due'/><field name='name'/>"
        "<filter domain=\"[('due', '>', 0)]\"/>"
        "<filter context=\"{'group_by': 'due'}\"/>"
        "<filter domain=\"[('due_date', '>', 0)]\"/></search>"
    )
    left = prune(text, customer={"due"})
    assert left.count("filter") == 1 and "due_date" in left
    assert 'name="due"' not in left and "label" not in left


def test_what_depends_on_a_hidden_field_is_not_shown():
    text = (
        "<form decoration-danger='due'><div invisible='not due' required='due'/></form>"
    )
    left = prune(text, customer={"due"})
    assert "decoration" not in left
    assert 'invisible="True"' in left and 'required="False"' in left


def test_a_page_that_lost_everything_goes_and_others_stay():
    text = (
        "<form><page name='a'><field name='due'/></page>"
        "<page name='b'><field name='due'/><field name='x'/></page>"
        "<page name='c'/></form>"
    )
    left = prune(text, customer={"due"})
    assert '"a"' not in left and '"b"' in left and '"c"' in left


def test_views_inside_of_views_follow_the_model_they_show():
    text = (
        "<form><field name='line_ids'><list><field name='due'/><field name='price'/>"
        "</list></field><field name='due'/></form>"
    )
    left = prune(text, "visit", line={"price"}, customer={"due"})
    assert "price" not in left and left.count("due") == 2


def test_templates_that_read_a_hidden_field_go():
    text = (
        "<kanban><t t-if='record.due.raw_value'><i/></t>"
        "<b t-if='record.duel'/></kanban>"
    )
    left = prune(text, customer={"due"})
    assert "<i" not in left and "duel" in left


def test_nothing_hidden_changes_nothing():
    text = '<form><field name="due" invisible="not due" /></form>'
    assert prune(text) == text
