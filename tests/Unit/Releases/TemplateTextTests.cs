using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Building;

namespace ServiceCtl.Tests.Unit.Releases;

public sealed class TemplateTextTests
{
    [Theory]
    [InlineData("port = {{ port }};", "port = 8001;")]
    [InlineData("{{port}}{{ port }}", "80018001")]
    [InlineData("no names } { here", "no names } { here")]
    [InlineData("{{ \"{{\" }} port }}", "{{ port }}")]
    [InlineData("{{ \"a}}b\" }}", "a}}b")]
    public void A_name_in_braces_stands_for_its_value(string template, string expected)
    {
        Assert.Equal(expected, Render(template));
    }

    [Theory]
    [InlineData("a\nb {{ prot }}", "app.tmpl:2:3", "Nothing is called `prot`.")]
    [InlineData("{{ port", "app.tmpl:1:1", "`{{` is not closed.")]
    [InlineData("x{{ port\n}}", "app.tmpl:1:2", "`{{` is not closed.")]
    public void What_can_not_be_rendered_is_told_with_its_place(string template, string place, string message)
    {
        var error = Assert.Throws<ServiceCtlException>(() => Render(template));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        Assert.Equal($"{place}: {message}", error.Message);
    }

    private static string Render(string template) =>
        TemplateText.Render(template, "app.tmpl", name => name == "port" ? "8001" : null);
}
