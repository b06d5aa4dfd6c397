using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of deploy.yaml as a page for people (Markdown).</summary>
public static class DeployReference
{
    private const string Introduction = """
        # Keys of deploy.yaml

        `stages` maps the names of stages to the same keys, which win over those at the top level; `deploy.STAGE.yaml` wins over both. `include` lists files that projects share; they count least.
        A deploy reads them when it begins, so a change of one needs nothing.
        """;

    public static string Write() => ReferencePage.WriteOnce(
        [
            ("Top level", DeployKeys.Schema), ("A template", DeployItemKeys.Template), ("A secret", DeployItemKeys.Secret),
            ("A step", DeployItemKeys.Step), ("A host", DeployItemKeys.Host),
        ],
        Introduction);
}
