import {
    Component,
    onWillStart,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {toLocaleDateString} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formatInteger} from "@web/views/fields/formatters";
import {entryDate, groupByMonth, target, toArguments} from "./timeline_groups.esm";

const {DateTime} = luxon;
const SEARCH_DELAY = 300;
const MODEL = "crm.customer.timeline";

/**
 * Everything exchanged with one customer, newest first: filters above, more entries as
 * one scrolls down, a click opens the document.
 */
export class CustomerTimeline extends Component {
    static template = "crm_lifecycle.CustomerTimeline";
    static components = {DateTimeInput};
    static props = {
        customerId: Number,
        openFullScreen: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.end = useRef("end");
        this.keepLast = new KeepLast();
        this.keepLastCounts = new KeepLast();
        this.state = useState({
            kinds: [],
            counts: {},
            entries: [],
            next: null,
            loading: true,
            failed: false,
        });
        this.filter = useState({kinds: [], dateFrom: false, dateTo: false, search: ""});
        this.searchLater = useDebounced(() => this.reload(), SEARCH_DELAY);
        onWillStart(async () => {
            this.state.kinds = await this.orm.call(MODEL, "get_kinds", []);
            this.reload();
        });
        onWillUpdateProps((props) => {
            if (props.customerId !== this.props.customerId) {
                this.reload(props.customerId);
            }
        });
        useEffect(
            (el) => this.watch(el),
            () => [this.end.el, this.state.entries.length]
        );
    }

    get groups() {
        return groupByMonth(this.state.entries, DateTime.now());
    }

    get isFiltered() {
        const {kinds, dateFrom, dateTo, search} = this.filter;
        return Boolean(kinds.length || dateFrom || dateTo || search.trim());
    }

    get isEmpty() {
        return !this.state.loading && !this.state.failed && !this.state.entries.length;
    }

    // Reading

    /** Reads more as soon as the end of the list comes into sight. */
    watch(el) {
        if (!el) {
            return;
        }
        const observer = new IntersectionObserver((changes) => {
            if (changes.some((change) => change.isIntersecting)) {
                this.loadMore();
            }
        });
        observer.observe(el);
        return () => observer.disconnect();
    }

    async reload(customerId = this.props.customerId) {
        this.customerId = customerId;
        Object.assign(this.state, {entries: [], next: null});
        this.loadCounts();
        await this.load();
    }

    /** Numbers on the kinds: they are an extra, the timeline goes on without them. */
    async loadCounts() {
        const {date_from, date_to, search} = toArguments(this.filter);
        try {
            this.state.counts = await this.keepLastCounts.add(
                this.orm.silent.call(MODEL, "get_counts", [this.customerId], {
                    date_from,
                    date_to,
                    search,
                })
            );
        } catch {
            this.state.counts = {};
        }
    }

    async loadMore() {
        if (this.state.next && !this.state.loading && !this.state.failed) {
            await this.load();
        }
    }

    async load() {
        Object.assign(this.state, {loading: true, failed: false});
        const asked = {...toArguments(this.filter), after: this.state.next};
        try {
            const page = await this.keepLast.add(
                this.orm.silent.call(MODEL, "get_page", [this.customerId], asked)
            );
            this.state.entries.push(...page.entries);
            this.state.next = page.next;
        } catch {
            this.state.failed = true;
        }
        this.state.loading = false;
    }

    // Filtering

    isOn(kind) {
        return this.filter.kinds.includes(kind);
    }

    iconColor(kind) {
        if (this.isOn(kind.kind)) {
            return "";
        }
        return kind.color === "secondary" ? "text-muted" : `text-${kind.color}`;
    }

    /** @returns {String} how many entries of a kind there are, "" while not known */
    countOf(kind) {
        const known = this.state.counts[kind.kind];
        return known ? formatInteger(known.count) + (known.more ? "+" : "") : "";
    }

    isEmptyKind(kind) {
        const known = this.state.counts[kind.kind];
        return Boolean(known && !known.count && !known.more);
    }

    toggleKind(kind) {
        this.filter.kinds = this.isOn(kind)
            ? this.filter.kinds.filter((other) => other !== kind)
            : [...this.filter.kinds, kind];
        return this.reload();
    }

    setDate(name, value) {
        this.filter[name] = value;
        return this.reload();
    }

    onSearch(ev) {
        this.filter.search = ev.target.value;
        this.searchLater();
    }

    clear() {
        Object.assign(this.filter, {
            kinds: [],
            dateFrom: false,
            dateTo: false,
            search: "",
        });
        return this.reload();
    }

    // Entries

    kindOf(entry) {
        const known = this.state.kinds.find(({kind}) => kind === entry.kind);
        return known || {label: entry.kind, icon: "fa-circle-o", color: "secondary"};
    }

    dateOf(entry) {
        return toLocaleDateString(entryDate(entry));
    }

    timeOf(entry) {
        return entry.dated ? "" : entryDate(entry).toLocaleString(DateTime.TIME_SIMPLE);
    }

    amountOf(entry) {
        return entry.amount === false
            ? ""
            : formatCurrency(entry.amount, entry.currency_id);
    }

    directionOf(entry) {
        return {
            in: {icon: "oi-arrow-left", title: _t("From the customer")},
            out: {icon: "oi-arrow-right", title: _t("To the customer")},
        }[entry.direction];
    }

    open(entry, ev) {
        const {model, id, dialog} = target(entry);
        const action = {
            type: "ir.actions.act_window",
            name: this.kindOf(entry).label,
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: dialog ? "new" : "current",
        };
        return this.action.doAction(action, {
            newWindow: !dialog && (ev.ctrlKey || ev.metaKey),
        });
    }

    // Paper

    async print() {
        const action = await this.orm.call(
            "crm.customer",
            "action_print_timeline",
            [[this.props.customerId]],
            toArguments(this.filter)
        );
        return this.action.doAction(action);
    }

    download() {
        const asked = toArguments(this.filter);
        const query = new URLSearchParams();
        for (const [name, value] of Object.entries(asked)) {
            if (value) {
                query.set(name, value);
            }
        }
        const url = `/crm/customer/${this.props.customerId}/timeline.xlsx?${query}`;
        return this.action.doAction({
            type: "ir.actions.act_url",
            target: "download",
            url,
        });
    }
}
