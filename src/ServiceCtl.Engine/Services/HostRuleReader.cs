using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Failures;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Services;

/// <summary>Reads a host's rules for failures. What is wrong with them is a part of the answer.</summary>
public static class HostRuleReader
{
    public const string FileName = "on_failure.yaml";

    /// <param name="path">Absolute path of the file.</param>
    /// <param name="kept">Where the last one that was right is kept, for as long as the file is wrong.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<HostRules> ReadAsync(string path, string kept, CancellationToken cancellation)
    {
        var read = await ReadAsync(path, cancellation);
        if (read.Problems.Count == 0)
            return read;
        try
        {
            var last = Parse(path, new SourceText(path, await File.ReadAllTextAsync(kept, cancellation)), cancellation);
            return last with { Problems = read.Problems };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or MalformedSourceException)
        {
            return read;
        }
    }

    /// <summary>The file alone; without one, there are no rules.</summary>
    /// <inheritdoc cref="ReadAsync(string, string, CancellationToken)"/>
    public static async Task<HostRules> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var text = await SourceFile.ReadAsync(path, cancellation);
            return !Environment.IsPrivilegedProcess || PlaceTrust.IsTrusted(path) ? Parse(path, text, cancellation) : Wrong(
                path, "Others than root can change this file, or the way to it, so its rules don't count.",
                $"Let root alone change it and each folder above it: `chown root: {path}`, `chmod go-w {path}`.");
        }
        catch (ServiceCtlException missing) when (missing.Code is ErrorCode.ConfigNotFound)
        {
            return HostRules.None;
        }
        catch (MalformedSourceException fault)
        {
            return Wrong(fault);
        }
    }

    private static HostRules Parse(string path, SourceText text, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        try
        {
            var root = ConfigurationFormat.Yaml.Read(text, problems, cancellation);
            var check = ConfigurationReader.Check(new ConfigurationLayers(root, problems, new ProblemList()), HostFailureKeys.Schema,
                Path.GetDirectoryName(path)!);
            if (check.Configuration is not { } configuration)
                return new HostRules { Problems = check.Problems };
            return new HostRules
            {
                Rules = [.. ServiceRules.OnFailure(configuration, HostFailureKeys.Rules).Select(rule => rule with { IsOfHost = true })],
                AtOnce = configuration.GetOrNull(HostFailureKeys.AtOnce) is { } share ? AtOnce.Parse(share) : null,
                Text = text.Text,
            };
        }
        catch (MalformedSourceException fault)
        {
            return Wrong(fault);
        }
        catch (ServiceCtlException fault) when (fault.Report.Problems.Count > 0)
        {
            return new HostRules { Problems = fault.Report.Problems };
        }
    }

    private static HostRules Wrong(MalformedSourceException fault)
    {
        var problems = new ProblemList();
        problems.Add(fault.Origin, null, fault.Message, fault.Advice);
        return new HostRules { Problems = problems.Sorted() };
    }

    private static HostRules Wrong(string path, string message, string advice) =>
        new() { Problems = [new ConfigurationProblem { Source = path, Message = message, Advice = advice }] };
}
