using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

/// <summary>Small templates that are made up by tests.</summary>
internal static class Templates
{
    public static TemplateCatalog Of(string version, params (string Path, string Text)[] files) => Of(version, "", files);

    public static TemplateCatalog Of(string version, string more, params (string Path, string Text)[] files)
    {
        var texts = files.Append(("fastapi/template.json", $$$"""
            {
              "id": "fastapi", "version": "{{{version}}}", "description": "A test.", "shares": ["common"], "port": 8000,
              "layouts": {"cordio": {"my_app": "home/my_app", "etc": ["etc", "usr/etc"]}, "minimal": {"etc": "."}},
              "databases": ["none", "redis"],
              "parts": [
                {"name": "docs", "description": "Documents"},
                {"name": "make", "description": "A Makefile"},
                {"name": "late", "description": "For one database", "databases": ["redis"]}
              ]{{{more}}}
            }
            """)).ToDictionary(file => file.Item1, file => file.Item2);
        return new TemplateCatalog(new TemplateFiles(texts.Keys, path => texts[path]));
    }

    public static ProjectRequest Request(string folder, params string[] parts) =>
        new() { Name = "web-shop", Path = Path.Combine(folder, "web-shop"), Parts = parts };
}
