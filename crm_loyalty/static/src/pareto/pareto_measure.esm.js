import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {Pareto} from "./pareto.esm";

/** Where customers are ranked by margin or net profit, the chart does not say revenue. */
patch(Pareto.prototype, {
    get measureLabel() {
        return {margin: _t("Margin"), profit: _t("Net profit")}[this.data.measure];
    },

    get headline() {
        if (!this.measureLabel || this.data.top_share === null) {
            return super.headline;
        }
        return _t(
            "%(measure)s: the best %(fifth)s of the customers make %(share)s of it; %(few)s of them make %(most)s. Losses count as nothing.",
            {
                measure: this.measureLabel,
                fifth: this.formatShare(0.2),
                share: this.formatShare(this.data.top_share),
                few: this.formatShare(this.data.customers_for_80),
                most: this.formatShare(0.8),
            }
        );
    },

    formatRevenue(group) {
        if (!this.measureLabel) {
            return super.formatRevenue(group);
        }
        return _t("%(amount)s, %(share)s of it", {
            amount: this.formatMoney(group.revenue),
            share: this.formatShare(group.share),
        });
    },

    draw() {
        super.draw();
        if (this.chart && this.measureLabel) {
            this.chart.options.scales.revenue.title.text = this.measureLabel;
            this.chart.data.datasets[0].label = this.measureLabel;
            this.chart.update();
        }
    },
});
