"""The two external interfaces of Odoo 19 as a script uses them: XML-RPC and JSON-2."""

import json
import urllib.error
import urllib.request
import xmlrpc.client


class XmlRpc:
    """`call("res.partner", "create", [{...}])` as the user `login`."""

    def __init__(self, url, database, login, password):
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self._object = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )
        self._database = database
        self._password = password
        self.uid = common.authenticate(database, login, password, {})

    def call(self, model, method, *args, **options):
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

    def __init__(self, url, database, key):
        self._url = url
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
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.load(error)) from None
