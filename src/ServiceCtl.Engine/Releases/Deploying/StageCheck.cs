using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Supervision.Canaries;

namespace ServiceCtl.Engine.Releases.Deploying;

/// <summary>What has to be there before a release is made. Each look can be had alone, and changes nothing.</summary>
internal sealed class StageCheck(DeployContext context)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Looks for everything, and tells all that is missing.</summary>
    public async IAsyncEnumerable<HostCheck> RunAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await LookAsync("current", () =>
        {
            context.Tree.RequireLink();
            return Task.FromResult(context.Tree.FindCurrent() is { } id ? $"{context.Tree.Current} leads to {id}."
                : $"There is no {context.Tree.Current} yet.");
        });
        // What is sent was looked at where it comes from.
        if (context.Sent is null)
        {
            await foreach (var check in RunSourceAsync(cancellation))
                yield return check;
        }
        else if (context.Settings.Via is SourceVia.Mirror or SourceVia.Bundle)
        {
            yield return await LookAsync("source", async () =>
            {
                await context.Sent.CheckAsync(cancellation);
                return context.Settings.Via == SourceVia.Bundle ? "git is there." : "The repository can be reached.";
            });
        }

        yield return await LookAsync("linked files", () => new LinkedPaths(context.Settings, context.Tree).FindMissing() is { } missing
            ? throw new ServiceCtlException(ErrorCode.InvalidState, missing,
                $"linked file {missing} does not exist on {Environment.MachineName}", "Put it there; all releases share it.")
            : Task.FromResult($"{context.Settings.LinkedFiles.Count} of {context.Settings.LinkedFiles.Count} are there."));
        if (context.Settings.Templates.Any(template => template.Link is not null))
            yield return await LookAsync("links", () =>
            {
                new SharedFiles(context.Settings, context.Tree).RequireLinks();
                return Task.FromResult("Nothing else has their names.");
            });
        foreach (var package in context.Settings.Packages)
            yield return await LookAsync(package, () => RequirePackageAsync(package, cancellation));
        if (context.Settings.Canary is { } canary)
            yield return await LookAsync("canary", () => RequireCanaryAsync(canary, cancellation));
    }

    /// <summary>What is asked where deploy.yaml is: the code, and the secrets.</summary>
    public async IAsyncEnumerable<HostCheck> RunSourceAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await LookAsync("source", async () =>
        {
            await context.Source.CheckAsync(cancellation);
            var revision = await context.Source.PeekAsync(cancellation);
            return $"{revision.Name} is {revision.Commit ?? "no commit"}.";
        });
        if (context.Settings.MustBePushed)
            yield return await LookAsync("pushed", () => RequirePushedAsync(cancellation));
        yield return await LookAsync("secrets", async () => $"{(await context.SecretsAsync(cancellation)).Count} secrets can be had.");
    }

    /// <summary>The same before a deploy.</summary>
    /// <exception cref="ServiceCtlException">What is missing.</exception>
    public async Task RequireSourceAsync(CancellationToken cancellation)
    {
        await context.Source.CheckAsync(cancellation);
        if (context.Settings.MustBePushed)
            await RequirePushedAsync(cancellation);
    }

    /// <summary>The same before a deploy: the first thing that is missing stops it, and folders are made.</summary>
    /// <exception cref="ServiceCtlException">What is missing.</exception>
    public async Task<string> RequireAsync(CancellationToken cancellation)
    {
        context.Tree.RequireLink();
        await RequireSourceAsync(cancellation);
        foreach (var package in context.Settings.Packages)
            await RequirePackageAsync(package, cancellation);
        new SharedFiles(context.Settings, context.Tree).RequireLinks();
        if (context.Settings.Canary is { } canary)
            await RequireCanaryAsync(canary, cancellation);
        new LinkedPaths(context.Settings, context.Tree).Prepare();
        return $"{context.Tree.Root} has what {context.Settings.Stage} needs.";
    }

    /// <summary>By the release that serves: the next one's configuration is read when it is there, and asked again.</summary>
    private async Task<string> RequireCanaryAsync(CanarySetting canary, CancellationToken cancellation)
    {
        var steps = string.Create(CultureInfo.InvariantCulture,
            $"{string.Join(" %, ", canary.Shares)} % of new connections for {canary.Step.TotalSeconds:0.#} s each");
        if (context.Tree.FindCurrent() is not { } current)
            return $"Nothing serves yet; later releases get {steps}.";
        var definition = await context.DefineAsync(current, cancellation);
        CanaryPrecondition.Require(definition);
        var gap = CanaryPrecondition.FindUnmeasured(definition) is { } unmeasured ? $" Not all is measured: {unmeasured}." : "";
        return $"A release gets {steps}.{gap}";
    }

    private async Task<string> RequirePushedAsync(CancellationToken cancellation)
    {
        var revision = await context.Source.PeekAsync(cancellation);
        var checkout = Repository.Of(context.Settings.Folder);
        var remote = await checkout.AskAsync("origin can't be asked", cancellation, "ls-remote", "--", "origin",
            $"refs/heads/{revision.Name}", $"refs/tags/{revision.Name}");
        var pushed = remote.Split('\t')[0];
        return pushed == revision.Commit ? $"origin has {revision.Commit} as {revision.Name}." : throw new ServiceCtlException(
            ErrorCode.InvalidState, revision.Name,
            $"{revision.Name} is {revision.Commit} here, and "
                + $"{(pushed.Length == 0 ? "origin has none of that name" : $"{pushed} at origin")}.",
            $"Push it ('git push origin {revision.Name}'), or deploy what is there; `check.pushed` asks for it.");
    }

    private static async Task<string> RequirePackageAsync(string package, CancellationToken cancellation)
    {
        var isThere = false;
        // What neither of them knows is not there.
        foreach (var (program, arguments) in ((string, string[])[])[
            ("dpkg-query", ["-W", "-f", "${db:Status-Status}\\n", "--", package]), ("rpm", ["-q", "--", package])])
        {
            try
            {
                var run = await ToolRun.RunAsync(
                    program, arguments, new Dictionary<string, string>(), "/", null, null, Limit, cancellation);
                isThere = run.Code == 0 && (program == "rpm" || run.Lines.Any(line => line == "installed"));
                break;
            }
            catch (ServiceCtlException error) when (error.Code == ErrorCode.RunnerMissing)
            {
                continue;
            }
        }

        return isThere ? $"{package} is installed." : throw new ServiceCtlException(ErrorCode.RunnerMissing, package,
            $"The package {package} is not installed on {Environment.MachineName}.", $"Install it: 'apt install {package}'.");
    }

    private static async Task<HostCheck> LookAsync(string name, Func<Task<string>> look)
    {
        try
        {
            return new HostCheck { Name = name, Outcome = HostCheckOutcome.Passed, Message = await look() };
        }
        catch (ServiceCtlException error)
        {
            return new HostCheck { Name = name, Outcome = HostCheckOutcome.Failed, Message = error.Message, Advice = error.Advice };
        }
    }
}
