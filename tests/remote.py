"""The two external interfaces of Odoo 19 as a script uses them: XML-RPC and JSON-2.

`around()` gives a context manager that each request runs in: Odoo's test server lets
nobody in without one, a real server needs none.
"""

import json
import urllib.error
import urllib.request
import xmlrpc.client
from contextlib import nullcontext


class XmlRpc:
    """`call("res.partner", "create", [{...}])` as the user `login`."""

    def __init__(self, url, database, login, password, around=nullcontext):
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self._object = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )
        self._database = database
        self._password = password
        self._around = around
        with around():
            self.uid = common.authenticate(database, login, password, {})

    def call(self, model, method, *args, **options):
        with self._around():
            return self._object.execute_kw(
                self._database, self.uid, self._password, model, method, args, options
            )


class Refused(Exception):
    """The server's answer to a JSON-2 call that it did not carry out."""

    def __init__(self, status, answer):
        super().__init__(f"{status}: {answer.get('message')}")
        self.status = status
        self.name = answer.get("name", "")


class Json2:
    """`call("crm.customer", "read", ids=[7], fields=["stage_id"])` with an API key."""

    def __init__(self, url, database, key, around=nullcontext):
        self._url = url
        self._around = around
        self._headers = {
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def call(self, model, method, **arguments):
        request = urllib.request.Request(
            f"{self._url}/json/2/{model}/{method}",
            data=json.dumps(arguments).encode(),
            headers=self._headers,
        )
        try:
            with self._around(), urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.load(error)) from None
