import {describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {spell} from "@crm_lifecycle/customer_engine/spell.esm";

describe.current.tags("headless");

test("a stretch of time is told in the largest unit that fits", () => {
    allowTranslations();
    const tell = (seconds) => String(spell(seconds));
    expect(tell(null)).toBe("–");
    expect(tell(0)).toBe("0 seconds");
    expect(tell(89)).toBe("89 seconds");
    expect(tell(90)).toBe("2 minutes");
    expect(tell(5400)).toBe("2 hours");
    expect(tell(86400 * 3)).toBe("3 days");
});
