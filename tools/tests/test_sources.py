"""Where Odoo, the addons and Debian's mirror are found."""

import pytest

from tools import addons, apt, odoo_source


def make(directory, *files):
    for file in files:
        path = directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    return directory


def test_source_tree(tmp_path):
    tree = make(
        tmp_path,
        "odoo/release.py",
        "odoo/addons/base/__manifest__.py",
        "addons/crm/__manifest__.py",
    )
    odoo = odoo_source.at(tree)
    assert odoo.path == tmp_path
    assert odoo.addons_paths == (tmp_path / "odoo/addons", tmp_path / "addons")
    assert odoo.version == "19.0"


@pytest.mark.parametrize("named", ["", "odoo"])
def test_installed_package_and_its_parent(tmp_path, named):
    make(tmp_path, "odoo/release.py", "odoo/addons/crm/__manifest__.py")
    odoo = odoo_source.at(tmp_path / named)
    assert odoo.addons_paths == (tmp_path / "odoo/addons",)


def test_installed_program(tmp_path):
    site = make(tmp_path / "lib", "odoo/release.py", "odoo/addons/crm/__manifest__.py")
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\necho {site}/odoo/release.py\n")
    interpreter.chmod(0o755)
    program = tmp_path / "bin" / "odoo"
    program.parent.mkdir()
    program.write_text(f"#!{interpreter}\n")
    assert odoo_source.at(program).path == site


@pytest.mark.parametrize(
    ("configured", "mirror", "suites"),
    [
        (["http://m/debian stable"], "http://m/debian", ["stable"]),
        (
            ["https://docker/linux/debian-x stable", "http://m/debian/ bookworm"]
            + ["http://m/debian/ bookworm-updates", "http://m/debian-security b-sec"],
            "http://m/debian/",
            ["bookworm", "bookworm-updates"],
        ),
        (
            ["mirror+file:/etc/apt/debian.list sid"],
            "mirror+file:/etc/apt/debian.list",
            [],
        ),
    ],
)
def test_mirror_comes_from_the_machines_configuration(
    programs, configured, mirror, suites
):
    rows = (row.split() for row in configured)
    lines = [f"'{uri}/dists/{suite}/InRelease' x 0" for uri, suite in rows]
    programs(apt_get="\n".join(f'echo "{line}"' for line in lines))
    assert apt._mirror() == (mirror, suites)


def test_dependencies_outside_the_suite(tmp_path):
    manifests = {
        "crm_lifecycle": ["sale_crm", "account"],
        "crm_loyalty": ["crm_lifecycle", "survey"],
    }
    for name, depends in manifests.items():
        make(tmp_path, f"{name}/__manifest__.py").joinpath(
            name, "__manifest__.py"
        ).write_text(repr({"name": name, "depends": depends}))
    assert addons.present(tmp_path) == ["crm_lifecycle", "crm_loyalty"]
    assert addons.external_dependencies(tmp_path, ["crm_loyalty"]) == [
        "account",
        "sale_crm",
        "survey",
    ]
    assert addons.with_dependencies(tmp_path, ["crm_loyalty"]) == [
        "crm_lifecycle",
        "crm_loyalty",
    ]


def test_fingerprint_follows_what_an_installation_reads(tmp_path):
    make(tmp_path, "crm_loyalty/models/a.py", "crm_loyalty/tests/test_a.py")
    before = addons.fingerprint(tmp_path, "crm_loyalty")
    (tmp_path / "crm_loyalty/tests/test_a.py").write_text("changed")
    make(tmp_path, "crm_loyalty/__pycache__/a.pyc")
    assert addons.fingerprint(tmp_path, "crm_loyalty") == before
    (tmp_path / "crm_loyalty/models/a.py").write_text("changed")
    assert addons.fingerprint(tmp_path, "crm_loyalty") != before
