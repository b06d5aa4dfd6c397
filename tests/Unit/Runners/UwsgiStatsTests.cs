using System.Text.Json;
using ServiceCtl.Engine.Runners.Uwsgi;

namespace ServiceCtl.Tests.Unit.Runners;

public sealed class UwsgiStatsTests
{
    private const string Answer = """
        {"version":"2.0.21","pid":40,"workers":[
          {"id":1,"pid":41,"requests":7,"exceptions":2,"status":"idle","avg_rt":1500,"respawn_count":3,"apps":[{"id":0}]},
          {"id":2,"pid":0,"requests":0,"exceptions":0,"status":"cheap","avg_rt":0,"respawn_count":0,"apps":[]}]}
        """;

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")]
    public void Workers_are_read_with_and_without_an_http_header(string header)
    {
        var stats = UwsgiStats.Parse(System.Text.Encoding.UTF8.GetBytes(header + Answer));

        Assert.Equal(40, stats.MasterPid);
        Assert.Equal(2, stats.Workers.Count);
        var worker = stats.Workers[0];
        Assert.Equal((1, 41, "idle", true, 7, 2, 2),
            (worker.Id, worker.Pid, worker.Status, worker.HasApp, worker.Requests, worker.Exceptions, worker.Respawns));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), worker.AverageResponseTime);
        Assert.False(stats.Workers[1].HasApp);
    }

    [Theory]
    [InlineData("dou\"ble")]
    [InlineData("back\\slash")]
    [InlineData("new\nline")]
    public void A_folder_that_uwsgi_does_not_escape_hides_nothing(string folder)
    {
        var stats = UwsgiStats.Parse(
            System.Text.Encoding.UTF8.GetBytes(
                Answer.Replace("\"pid\":40,", $"\"pid\":40,\n\"cwd\":\"/srv/{folder}\",\n\t\"locks\":[],", StringComparison.Ordinal)));

        Assert.Equal(2, stats.Workers.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"pid\":4")]
    public void An_answer_that_was_cut_is_no_answer(string answer) =>
        Assert.ThrowsAny<JsonException>(() => UwsgiStats.Parse(System.Text.Encoding.UTF8.GetBytes(answer)));

    /// <summary>What a service's user puts in the master's place is that service's problem, not the status's.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"pid\":\"x\",\"workers\":[]}")]
    [InlineData("{\"pid\":99999999999999,\"workers\":[]}")]
    [InlineData("{\"pid\":1,\"workers\":{}}")]
    [InlineData("{\"pid\":1,\"workers\":[{}]}")]
    [InlineData(
        "{\"pid\":1,\"workers\":[{\"id\":1,\"pid\":1,\"status\":1,\"apps\":1,\"requests\":1.5,\"exceptions\":0,\"avg_rt\":0,\"respawn_count\":0}]}")]
    [InlineData(
        "{\"pid\":1,\"workers\":[{\"id\":1,\"pid\":1,\"status\":\"idle\",\"apps\":[],\"requests\":1,\"exceptions\":0,\"avg_rt\":9223372036854775807,\"respawn_count\":0}]}")]
    public async Task An_answer_of_another_shape_is_no_answer(string answer) =>
        Assert.Null(await AskAsync(async stream => await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer))));

    [Fact]
    public async Task An_answer_that_never_ends_is_not_kept()
    {
        long sent = 0;
        var stats = await AskAsync(async stream =>
        {
            var piece = new byte[64 * 1024];
            for (; sent < 1L << 30; sent += piece.Length)
                await stream.WriteAsync(piece);
        });

        Assert.Null(stats);
        Assert.InRange(sent, 0, 64 * 1024 * 1024);
    }

    private static async Task<UwsgiStats?> AskAsync(Func<System.Net.Sockets.NetworkStream, Task> answer)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answered = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            try
            {
                await answer(client.GetStream());
            }
            catch (IOException)
            {
                // It was cut.
            }
        });
        Assert.True(Engine.Services.ListenAddress.TryParse(listener.LocalEndpoint.ToString()!, "/", out var address));
        var stats = await UwsgiStats.TryReadAsync(address, user: null, TestContext.Current.CancellationToken);
        await answered;
        return stats;
    }
}
