using System.CommandLine;
using ServiceCtl.Client;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>package: builds wheel and sdist; publish: puts them where pip finds them.</summary>
internal static class PackageCommands
{
    public static Command CreatePackage()
    {
        var folder = VersionCommands.Folder();
        var output = OptionValues.FilePath("--output", "The folder for the files. Default: dist in the project.", "folder", "-o");
        var kind = OptionValues.Choice("--only", "Only this: wheel or sdist. Default: both.",
            [("wheel", PackageKind.Wheel), ("sdist", PackageKind.Sdist)]);
        var python = OptionValues.Word("--python", "The Python that builds. Default: python3.", "program");
        var isolation = OptionValues.Switch("--isolation",
            "Fetch the build's tools into a virtualenv of their own: on, off. Default: if they are not installed.");
        var json = SharedOptions.Json();
        var command = new Verb("package", "Build the wheel and the sdist of a project, and check them.",
            [
                ("servicectl package", "Build both into dist."),
                ("servicectl package --only wheel --isolation off", "Build a wheel with the tools that are installed, without a network."),
            ],
            "'uv build' does it, or 'python -m build' if there is no uv. Names, metadata and the hashes of all files are checked, and "
                + "'twine check' is asked if it is installed. C and C++ extensions are compiled.")
        { folder, output, kind, python, isolation, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var place = Stages.Resolve(parsed.GetValue(folder));
            var request = new PackageRequest
            {
                Folder = place,
                Output = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(place, "dist"), Stages.Resolve(null)),
                Kind = parsed.GetValue(kind),
                Python = parsed.GetValue(python) is { } program
                    ? program.Contains('/') ? Path.GetFullPath(program, Stages.Resolve(null)) : program : "python3",
                IsIsolated = parsed.GetValue(isolation)?.IsOn,
            };
            var isJson = parsed.GetValue(json);
            var packages = await PackageVerbs.BuildAsync(request, isJson ? null : Tell, cancellation);
            if (isJson)
                await ConsoleOutput.WriteJsonAsync(packages, AgentJson.Default.IReadOnlyListPyServicePackage);
            foreach (var package in isJson ? [] : packages)
            {
                await ConsoleOutput.WriteLineAsync($"{package.Path}\n  sha256 {package.Sha256}, {package.Size} bytes");
                foreach (var warning in package.Warnings)
                    await ConsoleOutput.WriteErrorLineAsync($"  warning: {warning}");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    public static Command CreatePublish()
    {
        var destination = SharedOptions.NonEmpty("destination", "A folder, or the address of an index that takes uploads.");
        var files = new Argument<string[]>("file")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Wheels and sdists. Default: those of the project's version in dist.",
        };
        files.Validators.Add(SharedOptions.RefuseEmpty);
        var folder = VersionCommands.Folder();
        var whatIf = new Option<bool>("--what-if") { Description = "Show what would be published. Nothing is changed." };
        var json = SharedOptions.Json();
        var command = new Verb("publish", "Publish packages where pip finds them.",
            [
                ("servicectl publish /srv/packages", "Publish into a folder: pip install --index-url file:///srv/packages/simple/ NAME."),
                ("servicectl publish /srv/packages --what-if", "Show what is new there."),
            ],
            "A folder becomes a simple index (PEP 503) with the hash of each file: any web server serves it, and pip reads it by file://, "
                + "too. What has been published is never replaced. To an address, twine uploads, or uv if there is no twine; they find "
                + "user and password in their own variables.")
        { destination, files, folder, whatIf, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var target = parsed.GetValue(destination)!;
            string[] chosen = [.. (parsed.GetValue(files) ?? []).Select(Stages.Resolve)];
            var published = await PackageVerbs.PublishAsync(
                chosen.Length > 0 ? chosen : PackageVerbs.FindBuilt(Stages.Resolve(parsed.GetValue(folder)), cancellation),
                PackageVerbs.IsAddress(target) ? target : Stages.Resolve(target),
                parsed.GetValue(whatIf), parsed.GetValue(json) ? null : Tell, cancellation);
            if (parsed.GetValue(json))
                await ConsoleOutput.WriteJsonAsync(published, AgentJson.Default.IReadOnlyListPyServicePublication);
            foreach (var one in parsed.GetValue(json) ? [] : published)
                await ConsoleOutput.WriteLineAsync($"{one.File} {(one switch
                {
                    { IsNew: false } => "is there already",
                    { IsDone: false } => "would be published",
                    _ => "is published",
                })} in {one.Destination}.");
            if (!parsed.GetValue(json) && published[0] is { Index: { } index, IsDone: true })
                await ConsoleOutput.WriteLineAsync($"pip install --index-url {index} {published[0].Name}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Tell(string line) => ConsoleOutput.WriteErrorLine($"  {line}");
}
