using ServiceCtl.Engine.Health;

namespace ServiceCtl.Tests.Unit.Agent;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Figures_have_help_type_and_escaped_labels()
    {
        var text = new PrometheusText("a\"b");
        text.Add("up", "gauge", "Whether it is.", 1);
        text.Add("gone", "gauge", "Nothing is known.", (double?)null);
        Assert.Equal("# HELP up Whether it is.\n# TYPE up gauge\nup{service=\"a\\\"b\"} 1\n", text.ToString());
    }

    [Fact]
    public void What_the_service_tells_gets_a_prefix_and_what_is_no_figure_is_left_out()
    {
        var text = new PrometheusText("x");
        text.AddForeign(
            "# HELP requests_total Requests, served.\n# TYPE requests_total counter\nrequests_total{path=\"/a b\",code=\"200\"} 12 "
                + "1700000000\r\nload 1.5e-3\ninf +Inf\n<html>\n# EOF\nbad{\n", "py_");
        Assert.Equal(
            "# HELP py_requests_total Requests, served.\n# TYPE py_requests_total counter\npy_requests_total{path=\"/a b\",code=\"200\"} "
                + "12 1700000000\npy_load 1.5e-3\npy_inf +Inf\n",
            text.ToString());
    }
}
