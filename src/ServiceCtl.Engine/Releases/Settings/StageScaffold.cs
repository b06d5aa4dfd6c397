using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The files to begin with, as <c>cap install</c> makes them.</summary>
internal static class StageScaffold
{
    private const string Main = """
        # How this service is deployed; 'servicectl deploy STAGE'. What differs from stage to stage is in deploy.STAGE.yaml.
        source:
          revision: HEAD            # a branch, tag or commit
          via: archive              # archive: what is committed here; mirror: what is in a repository; folder: this folder as
                                    # it is; bundle, wheel: see the guide
        keep_releases: 5
        keep_failed: 2              # with their logs; they push out none that has served
        # linked: {files: [.env], dirs: [log]}      # of shared/, in each release
        # templates: {deploy/app.conf.tmpl: {to: conf/app.conf}}
        # check: {http: [/ping], hold: 5s, tests: [critical]}
        # hooks: {before_publish: [python manage.py migrate], after_publish: []}

        """;

    /// <param name="folder">Where; it is there.</param>
    /// <param name="stages">For which stages.</param>
    /// <returns>The files that were made.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.System"/>.</exception>
    public static IReadOnlyList<string> Make(string folder, IReadOnlyList<string> stages)
    {
        if (stages.FirstOrDefault(stage => !StageFiles.IsName(stage)) is { } wrong)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, wrong, $"'{wrong}' can't be a stage's name.",
                "Use letters, digits, '_' and '-'.");
        List<string> made = [];
        Add(Path.Combine(folder, StageFiles.Main), Main);
        foreach (var stage in stages)
            Add(StageFiles.FileOf(folder, stage), TextOf(Path.GetFileName(folder), stage));
        return made;

        void Add(string path, string text)
        {
            if (Path.Exists(path))
                return;
            try
            {
                NamedFile.Replace(path, Encoding.UTF8.GetBytes(text), FileModes.Readable);
                made.Add(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ServiceCtlException(ErrorCode.System, path, $"{path} can't be written: {error.Message}",
                    "Check the folder and its permissions.", error);
            }
        }
    }

    private static string TextOf(string name, string stage)
    {
        var service = stage == "production" ? name : $"{name}-{stage}";
        return $"""
            # What is special about {stage}; it wins over deploy.yaml.
            deploy_to: /srv/{service}
            service: {service}
            # variables: {"{"}local_port: '8001'{"}"}       # for templates and hooks
            # secrets: {"{"}SECRET_KEY: {"{"}command: [pass, show, {name}/{stage}]{"}}"}

            """;
    }
}
