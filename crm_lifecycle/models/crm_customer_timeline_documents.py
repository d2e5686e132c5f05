from odoo import api, models
from odoo.tools import SQL

from ..lib.timeline import TimelineBranch, TimelineKind, TimelineSource, shorten


class CrmCustomer(models.Model):
    """The timeline's sources that documents are: sales, accounting, answers, stages."""

    _inherit = "crm.customer"

    # ------------------------------------------------------------------
    # Sales
    # ------------------------------------------------------------------
    @api.model
    def _get_sale_timeline(self):
        branch = TimelineBranch(
            tables=SQL("sale_order doc"),
            key=SQL("doc.partner_id"),
            date=SQL("doc.date_order"),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.name"), SQL("doc.client_order_ref")),
        )
        kinds = (
            TimelineKind(
                "quotation",
                self.env._("Quotation"),
                "fa-file-text-o",
                when=SQL("doc.state != 'sale'"),
            ),
            TimelineKind("order", self.env._("Order"), "fa-shopping-cart", "primary"),
        )
        return TimelineSource("sale.order", kinds, (branch,), self._describe_orders)

    @api.model
    def _describe_orders(self, orders):
        orders.fetch(
            ["name", "client_order_ref", "state", "amount_total", "currency_id"]
            + ["user_id"]
        )
        return {
            order.id: {
                "summary": " · ".join(
                    filter(None, (order.name, order.client_order_ref))
                ),
                "state": self._get_state_label(order),
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "user_id": order.user_id.id,
            }
            for order in orders
        }

    @api.model
    def _get_state_label(self, record, name="state"):
        """Return what a selection field of a record says to the user."""
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    # ------------------------------------------------------------------
    # Accounting
    # ------------------------------------------------------------------
    @api.model
    def _get_invoice_timeline(self):
        """Posted invoices and credit notes, of whom they were made out to."""
        branch = TimelineBranch(
            tables=SQL("account_move doc"),
            key=SQL("doc.commercial_partner_id"),
            date=SQL("doc.invoice_date"),
            # as the partial index reads
            where=SQL(
                """doc.state = 'posted'
                AND doc.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                AND doc.commercial_partner_id IS NOT NULL"""
            ),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.name"), SQL("doc.ref"), SQL("doc.payment_reference")),
            dated=True,
        )
        kinds = (
            TimelineKind(
                "refund",
                self.env._("Credit Note"),
                "fa-undo",
                "dark",
                when=SQL("doc.move_type = 'out_refund'"),
            ),
            TimelineKind(
                "invoice", self.env._("Invoice"), "fa-pencil-square-o", "dark"
            ),
        )
        return TimelineSource("account.move", kinds, (branch,), self._describe_invoices)

    @api.model
    def _describe_invoices(self, invoices):
        invoices.fetch(
            ["name", "ref", "payment_state", "amount_total_in_currency_signed"]
            + ["currency_id", "invoice_user_id"]
        )
        return {
            invoice.id: {
                "summary": " · ".join(filter(None, (invoice.name, invoice.ref))),
                "state": self._get_state_label(invoice, "payment_state"),
                "amount": invoice.amount_total_in_currency_signed,
                "currency_id": invoice.currency_id.id,
                "user_id": invoice.invoice_user_id.id,
            }
            for invoice in invoices
        }

    @api.model
    def _get_payment_timeline(self):
        branch = TimelineBranch(
            tables=SQL("account_payment doc"),
            key=SQL("doc.partner_id"),
            date=SQL("doc.date"),
            where=SQL(
                "doc.partner_type = 'customer' AND doc.state IN ('in_process', 'paid')"
            ),
            company=SQL("doc.company_id"),
            texts=(SQL("doc.name"), SQL("doc.memo"), SQL("doc.payment_reference")),
            dated=True,
        )
        kind = TimelineKind("payment", self.env._("Payment"), "fa-money", "success")
        return TimelineSource(
            "account.payment", (kind,), (branch,), self._describe_payments
        )

    @api.model
    def _describe_payments(self, payments):
        return {
            payment.id: {
                "summary": " · ".join(filter(None, (payment.name, payment.memo))),
                "state": self._get_state_label(payment),
                "amount": payment.amount_signed,
                "currency_id": payment.currency_id.id,
            }
            for payment in payments
        }

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    @api.model
    def _get_answer_timelines(self):
        rating = TimelineBranch(
            tables=SQL("rating_rating doc"),
            key=SQL("doc.partner_id"),
            date=SQL("COALESCE(doc.rated_on, doc.write_date)"),
            where=SQL("doc.consumed"),
            company=SQL(
                """COALESCE(
                    (SELECT record_company_id FROM mail_message
                      WHERE id = doc.message_id),
                    (SELECT rated.company_id FROM res_users rated
                      WHERE rated.partner_id = doc.rated_partner_id
                        AND NOT rated.share
                      ORDER BY rated.id LIMIT 1))"""
            ),
            texts=(SQL("doc.res_name"), SQL("doc.feedback")),
        )
        answer = TimelineBranch(
            tables=SQL("survey_user_input doc"),
            key=SQL("doc.partner_id"),
            date=SQL("COALESCE(doc.end_datetime, doc.create_date)"),
            where=SQL("doc.state = 'done' AND doc.test_entry IS NOT TRUE"),
            company=self._sql_company_of(
                SQL("(SELECT user_id FROM survey_survey WHERE id = doc.survey_id)")
            ),
            texts=(
                SQL("(SELECT title::text FROM survey_survey WHERE id = doc.survey_id)"),
            ),
        )
        return [
            TimelineSource(
                "rating.rating",
                (
                    TimelineKind(
                        "rating", self.env._("Rating"), "fa-smile-o", "warning"
                    ),
                ),
                (rating,),
                self._describe_ratings,
            ),
            TimelineSource(
                "survey.user_input",
                (
                    TimelineKind(
                        "survey", self.env._("Survey Answer"), "fa-list-alt", "warning"
                    ),
                ),
                (answer,),
                self._describe_answers,
            ),
        ]

    @api.model
    def _describe_ratings(self, ratings):
        return {
            rating.id: {
                "summary": shorten(
                    " · ".join(filter(None, (rating.res_name, rating.feedback)))
                ),
                "state": self._get_state_label(rating, "rating_text"),
                "direction": "in",
            }
            for rating in ratings
        }

    @api.model
    def _describe_answers(self, answers):
        return {
            answer.id: {"summary": answer.survey_id.title, "direction": "in"}
            for answer in answers
        }

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------
    @api.model
    def _get_stage_timeline(self):
        branch = TimelineBranch(
            tables=SQL("crm_lifecycle_history doc"),
            key=SQL("doc.customer_id"),
            date=SQL("doc.date_from"),
            texts=(SQL("doc.reason"),),
            owner="customer",
        )
        kind = TimelineKind("stage", self.env._("Stage"), "fa-refresh")
        return TimelineSource(
            "crm.lifecycle.history", (kind,), (branch,), self._describe_stages
        )

    @api.model
    def _describe_stages(self, intervals):
        return {
            interval.id: {
                "summary": interval.stage_id.name,
                "state": interval.reason or interval.rule_id.name or "",
                "user_id": interval.user_id.id,
            }
            for interval in intervals
        }
