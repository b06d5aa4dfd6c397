using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>A page of the service's own: a path, so that nothing that is for the service alone goes elsewhere.</summary>
internal sealed class PagePathType : ConfigType<string>
{
    public PagePathType()
        : base(
            "path of a page", "a path of the service, such as `/internal/state`", "/internal/state",
            """{"type": "string", "pattern": "^/"}""")
    {
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out string result)
    {
        result = null;
        if (!ConfigTypes.Text.TryConvert(value, context, out var text))
            return false;
        if (!text.StartsWith('/') || text.StartsWith("//", StringComparison.Ordinal) || text.Any(letter => letter <= ' '))
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}.", "Write the path alone, beginning with `/`.");
        result = text;
        return true;
    }
}
