using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Binding;

/// <summary>Lets <c>$true</c> and <c>$false</c> stand for on and off.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OnOffAttribute : ArgumentTransformationAttribute
{
    public const string On = "on";
    public const string Off = "off";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Piped.Base(inputData) switch
    {
        bool isOn => isOn ? On : Off,
        SwitchParameter given => given ? On : Off,
        _ => inputData,
    };

    public static bool? Read(string? text) => text is null ? null : string.Equals(text, On, StringComparison.OrdinalIgnoreCase);
}
