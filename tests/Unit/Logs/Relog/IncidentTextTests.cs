using System.Text;
using ServiceCtl.Engine.Logs.Relog;

namespace ServiceCtl.Tests.Unit.Logs.Relog;

public sealed class IncidentTextTests
{
    /// <summary>A service can end a line of its log wherever it likes.</summary>
    [Theory]
    [InlineData("*** HARAKIRI ON ", "HARAKIRI: ")]
    [InlineData("*** HARAKIRI ON WORKER 1 (pid: 12, try: 1) ***", "HARAKIRI: worker 1 (pid: 12, try: 1)")]
    [InlineData("!!! uWSGI process ", "uWSGI process")]
    [InlineData("!!! uWSGI process 17 got ", "uWSGI process 17 got")]
    [InlineData("DAMN ! ", "worker died: ")]
    [InlineData("OOOPS ", "worker died: ")]
    [InlineData("[2026-11-29 10:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT", "WORKER TIMEOUT: ")]
    public void A_line_that_is_cut_short_is_an_incident_all_the_same(string line, string title) =>
        Assert.Contains(title, IncidentText.Read(Encoding.UTF8.GetBytes(line)).Title, StringComparison.Ordinal);
}
