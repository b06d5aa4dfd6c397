using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of deploy.yaml as a page for people (Markdown).</summary>
public static class DeployReference
{
    private const string Introduction = """
        # Keys of deploy.yaml

        `stages` maps the names of stages to the same keys, which win over those at the top level; `deploy.STAGE.yaml` wins over both. `include` lists files that projects share; they count least.
        They are read when a deploy starts, so nothing has to be restarted after a change.
        """;

    public static string Write() => ReferencePage.WriteOnce(
        [
            ("Top level", DeployKeys.Schema), ("A template", DeployItemKeys.Template), ("A secret", DeployItemKeys.Secret),
            ("A step", DeployItemKeys.Step), ("A host", DeployItemKeys.Host),
        ],
        Introduction);
}
