using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using ServiceCtl.Benchmarks.Configuration;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Services;

// Times are medians of warm runs: what a program that lives long meets. The files are in the page cache.
const int Runs = 41;

using var json = new SampleFiles(SampleFiles.Json);
using var mixed = new SampleFiles(SampleFiles.Mixed);
var schema = SampleFiles.Schema;
var isRight = true;

await ReportAsync("compose 50 JSON files, 5,000 keys", 50, () => ComposeAsync(json));
// It keeps one dictionary per file and composes when it is asked for a key, so it has less to do here and more later.
await ReportAsync("  Microsoft.Extensions.Configuration", null, () =>
{
    var builder = new ConfigurationBuilder();
    foreach (var file in json.Files)
        builder.AddJsonFile(file);
    using var built = (ConfigurationRoot)builder.Build();
    return built["section49:turn"] == "0" ? Task.CompletedTask : throw new InvalidOperationException("A key is missing.");
});
await ReportAsync("compose 50 files of all formats", 50, () => ComposeAsync(mixed));

// A file that was written a moment ago is read again in any case: let the others become older than that.
await Task.Delay(TimeSpan.FromSeconds(1.5));
var sources = json.Plan.Sources(schema);
await ConfigurationReader.CheckAsync(sources, schema, json.Folder, CancellationToken.None);
var turn = 0;
await ReportAsync(
    "read again after one of 50 changed", 5,
    async () =>
    {
        var check = await ConfigurationReader.CheckAsync(sources, schema, json.Folder, CancellationToken.None);
        if (check.Root.Find("section07.turn")?.ToString() != $"{turn}")
            throw new InvalidOperationException("The change was not seen.");
    },
    () => json.Change(++turn));

var microsoft = new ConfigurationBuilder();
foreach (var file in json.Files)
    microsoft.AddJsonFile(file);
var root = microsoft.Build();
await ReportAsync("  Microsoft: all providers", null, () => Task.Run(root.Reload), () => json.Change(++turn));
await ReportAsync("  Microsoft: the provider of that file", null, () => Task.Run(root.Providers.ElementAt(7).Load),
    () => json.Change(++turn));

using var services = new SampleServices(500);
await ReportAsync("read 500 services' definitions", 300,
    () => Task.WhenAll(services.Folders.Select(folder => ServiceDefinitionReader.ReadAsync(folder, null, CancellationToken.None))));
return isRight ? 0 : 1;

async Task ComposeAsync(SampleFiles files)
{
    var check = await ConfigurationReader.CheckAsync(files.Plan.Sources(schema), schema, files.Folder, CancellationToken.None);
    if (check.Problems.Count > 0)
        throw new InvalidOperationException(check.Problems[0].ToString());
    if (ConfigSetting.Of(check.Root).Count() != SampleFiles.KeyCount)
        throw new InvalidOperationException("Keys are missing.");
}

async Task ReportAsync(string name, double? limit, Func<Task> work, Action? before = null)
{
    var times = new List<double>();
    for (var run = 0; run < Runs; run++)
    {
        before?.Invoke();
        var began = Stopwatch.GetTimestamp();
        await work();
        times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    // The first half warms up.
    var warm = times.Skip(Runs / 2).Order().ToArray();
    var median = warm[warm.Length / 2];
    var verdict = limit is null ? "" : median < limit ? $"  (to reach: {limit} ms)" : $"  MISSED: {limit} ms";
    isRight &= limit is null || median < limit;
    Console.WriteLine($"{name,-40} {median,8:0.00} ms   first {times[0],8:0.00} ms{verdict}");
}
