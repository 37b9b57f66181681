"""`ledger.plot`: the charts of the page as Altair charts, with the data in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gigaledger.plots.scales import scale_of
from gigaledger.results import checked_target, target_measures

if TYPE_CHECKING:
    import datetime as dt

    import altair as alt

    from gigaledger.ledger import Ledger

DEFAULT_MEASURE = "it_power"
CHART_WIDTH = 640


class Plots:
    """The charts of a ledger; each method returns an Altair chart that a notebook displays.

    Example:
        >>> import gigaledger
        >>> chart = gigaledger.open().plot.circular()
        >>> chart.to_dict()["title"]["text"]
        'Money that goes both ways'
    """

    def __init__(self, ledger: Ledger) -> None:
        """Keep the ledger."""
        self._ledger = ledger

    def reconciliation(
        self, programme: str | None = None, *, measure: str = DEFAULT_MEASURE, as_of: dt.date | None = None
    ) -> alt.LayerChart:
        """Pledged against built with intervals: the accounts of one programme, or every programme."""
        from gigaledger.plots.capacity import accounts_chart, programmes_chart
        from gigaledger.plots.frames import account_rows
        from gigaledger.reconciliation import reconcile

        name = checked_target(self._ledger, measure)
        document = reconcile(self._ledger, programme, as_of=as_of, measure=name, is_for_terminal=True)
        for one in document["programmes"]:
            one["measures"] = {name: one}
        rows = account_rows(document)
        if programme is None:
            return self._titled(programmes_chart(rows, self._look()), "Pledged against built", name)
        title = document["programmes"][0]["name"]
        return self._titled(accounts_chart(rows.drop_nulls("middle"), self._look()), title, name)

    def timeline(
        self, programme: str, *, measure: str = DEFAULT_MEASURE, as_of: dt.date | None = None
    ) -> alt.LayerChart:
        """The ramp of a programme by quarter: operational, expected and pledged, with intervals as bands."""
        import polars as pl

        from gigaledger.plots.capacity import timeline_chart
        from gigaledger.plots.frames import quarter_rows
        from gigaledger.reconciliation import chosen_programmes

        chosen = chosen_programmes(self._ledger, programme)[0]
        name = checked_target(self._ledger, measure)
        rows = quarter_rows(self._installed(), as_of or self._ledger.as_of)
        kept = rows.filter(pl.col("programme_id") == chosen["programme_id"], pl.col("measure") == name)
        return self._titled(timeline_chart(kept, self._look()), chosen["name"], name)

    def map(self, *, measure: str = DEFAULT_MEASURE, as_of: dt.date | None = None) -> alt.VConcatChart:
        """The sites, sized by what is operational, under construction and planned there."""
        import altair as alt

        from gigaledger.plots.frames import site_rows
        from gigaledger.plots.places import REGIONS, map_chart

        name = checked_target(self._ledger, measure)
        rows = site_rows(self._installed(), as_of or self._ledger.as_of, [name])
        both = alt.vconcat(*(map_chart(rows, self._look(), region) for region in REGIONS))
        return self._titled(both, "Sites", name)

    def overlap(self, *, measure: str = DEFAULT_MEASURE, as_of: dt.date | None = None) -> alt.LayerChart:
        """How much of the announcements for each beneficiary lies inside another one."""
        from gigaledger.plots.checks import overlap_chart
        from gigaledger.plots.frames import overlap_rows

        name = checked_target(self._ledger, measure)
        chart = overlap_chart(overlap_rows(self._installed(), as_of or self._ledger.as_of, [name]), self._look())
        return self._titled(chart, "Announced more than once", name)

    def circular(self, *, as_of: dt.date | None = None) -> alt.LayerChart:
        """Money that one party invests in another and gets back as purchases [billion USD]."""
        from gigaledger.plots.checks import circular_chart
        from gigaledger.plots.frames import circular_rows

        chart = circular_chart(circular_rows(self._installed(), as_of or self._ledger.as_of), self._look())
        return self._titled(chart, "Money that goes both ways", None)

    def tension(self, *, as_of: dt.date | None = None) -> alt.LayerChart:
        """Statements of one deal or site held against each other, by their ratio."""
        from gigaledger.plots.checks import tension_chart
        from gigaledger.plots.frames import tension_rows
        from gigaledger.tension import tension

        chart = tension_chart(tension_rows(tension(self._ledger, as_of=as_of)), self._look())
        return self._titled(chart, "Stated against converted [ratio, logarithmic]", None)

    def _installed(self) -> Ledger:
        """The ledger with every formula, and the rates of all that can be asked for."""
        self._ledger.install("everything")
        return self._ledger

    @staticmethod
    def _look() -> Any:
        """The look of charts in a notebook."""
        from gigaledger.plots.parts import Look

        return Look(width=CHART_WIDTH)

    def _titled(self, chart: Any, title: str, measure: str | None) -> Any:
        """The chart with its title, its unit and the shared look."""
        import altair as alt

        from gigaledger.plots.style import LIGHT, styled

        unit = scale_of(measure, target_measures(self._ledger)[measure]).unit if measure else "billion dollars"
        subtitle = unit if measure or "Money" in title else "a converted into the measure of b, over b"
        params = alt.TitleParams(text=title, subtitle=subtitle, anchor="start", frame="bounds")
        return styled(chart.properties(title=params), LIGHT)
