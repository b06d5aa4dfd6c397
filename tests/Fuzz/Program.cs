using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Tests.Fuzz;
using ServiceCtl.Tests.Fuzz.Targets;

// What reads what others write, each in a process of its own and for the same time, with inputs that are changed at random. A fault ends
// with 1.
var settings = Settings.Parse(args);
Directory.CreateDirectory(settings.Faults);
(string Name, Func<IFuzzTarget> Create)[] targets =
[
    ("json", () => new ConfigurationTarget("json")),
    ("yaml", () => new ConfigurationTarget("yaml")),
    ("toml", () => new ConfigurationTarget("toml")),
    ("ini", () => new ConfigurationTarget("ini")),
    ("env", () => new ConfigurationTarget("env")),
    ("arguments", () => new ArgumentsTarget(settings.Seed)),
    ("catalog", () => new CatalogTarget()),
    ("state", () => new StateTarget()),
    ("stats", () => new StatsTarget()),
    ("relog", () => new RelogTarget()),
    ("lines", () => new LinesTarget()),
    ("api", () => new ApiTarget(settings.Command)),
    ("restart", () => new RestartTarget(settings.Command)),
];

var share = TimeSpan.FromMinutes(settings.Minutes / targets.Length);
if (settings.Target is { } only)
{
    await using var target = targets.Single(known => known.Name == only).Create();
    return await new Run(only, target, settings).RunAsync(share) ? 0 : 1;
}

List<string> failed = [];
foreach (var (name, _) in targets)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Host(), .. args, "--target", name]))!;
    await process.WaitForExitAsync();
    if (process.ExitCode == 0)
        continue;
    failed.Add(name);
    // Ended by the kernel or the runtime, it could not say so itself.
    if (process.ExitCode != 1)
        settings.Keep(name, await File.ReadAllBytesAsync(settings.Current(name)),
            string.Create(CultureInfo.InvariantCulture, $"The process ended with {process.ExitCode}."));
}

Console.WriteLine(
    failed.Count == 0 ? "fuzz: no faults" : $"fuzz: faults in {string.Join(", ", failed)}; their inputs are in {settings.Faults}");
return failed.Count == 0 ? 0 : 1;

// As a program of its own, or as "dotnet Fuzz.dll".
static string[] Host() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
    ? [Path.Combine(AppContext.BaseDirectory, "Fuzz.dll")] : [];
