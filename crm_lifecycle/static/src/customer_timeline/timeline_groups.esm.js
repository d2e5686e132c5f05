import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/**
 * @param {Object} entry of `crm.customer.timeline.get_page`
 * @returns {luxon.DateTime} when it happened; in no time zone where only the day is known
 */
export function entryDate(entry) {
    return entry.dated
        ? deserializeDate(entry.date.slice(0, 10))
        : deserializeDateTime(entry.date);
}

/**
 * Splits entries, newest first, into what is planned and the months of what was. The
 * months are those of the user's language: solar months in Persian.
 *
 * @param {Object[]} entries
 * @param {luxon.DateTime} now
 * @returns {Object[]} groups {label, entries} in the order of their first entry
 */
export function groupByMonth(entries, now) {
    const groups = [];
    for (const entry of entries) {
        const date = entryDate(entry);
        const planned = date > now;
        const label = planned
            ? _t("Planned").toString()
            : date.toLocaleString({month: "long", year: "numeric"});
        if (groups.at(-1)?.label !== label) {
            groups.push({label, entries: []});
        }
        groups.at(-1).entries.push(entry);
    }
    return groups;
}

/**
 * @param {Object} entry
 * @returns {{model: String, id: Number, dialog: Boolean}} what a click on it opens
 */
export function target(entry) {
    if (entry.open_model) {
        return {model: entry.open_model, id: entry.open_id, dialog: false};
    }
    const dialog = entry.res_model === "mail.message";
    return {model: entry.res_model, id: entry.res_id, dialog};
}

/**
 * @param {Object} filter {kinds, dateFrom, dateTo, search} of the screen
 * @returns {Object} keyword arguments of `get_page`, and of the report and the workbook
 */
export function toArguments({kinds, dateFrom, dateTo, search}) {
    return {
        kinds: kinds.length ? kinds : false,
        date_from: dateFrom ? dateFrom.toISODate() : false,
        date_to: dateTo ? dateTo.toISODate() : false,
        search: search.trim(),
    };
}
