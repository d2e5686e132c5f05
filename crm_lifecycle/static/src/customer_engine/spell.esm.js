import {_t} from "@web/core/l10n/translation";

/**
 * @param {Number|null} seconds
 * @returns {String} a stretch of time in words, in the largest unit that fits
 */
export function spell(seconds) {
    if (seconds === null || seconds === undefined) {
        return "–";
    }
    if (seconds < 90) {
        return _t("%(count)s seconds", {count: Math.round(seconds)});
    }
    if (seconds < 90 * 60) {
        return _t("%(count)s minutes", {count: Math.round(seconds / 60)});
    }
    if (seconds < 48 * 3600) {
        return _t("%(count)s hours", {count: Math.round(seconds / 3600)});
    }
    return _t("%(count)s days", {count: Math.round(seconds / 86400)});
}
