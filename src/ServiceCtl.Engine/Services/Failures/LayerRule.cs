using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>
/// What a rule says about a layer inside the process. It is for the package cordio there, which reads the same configuration; the agent
/// only checks and shows it.
/// </summary>
/// <param name="Layers">Names of layers, with <c>*</c> and <c>?</c>; any of them.</param>
/// <param name="Exceptions">Types, also those that are derived from them; none: any.</param>
/// <param name="Rate">So many within this time; null: each.</param>
/// <param name="Verb">What is done, as it is written.</param>
public sealed record LayerRule(IReadOnlyList<string> Layers, IReadOnlyList<string> Exceptions, Rate? Rate, string Verb)
{
    public override string ToString() =>
        $"layer {string.Join(", ", Layers)}" + (Exceptions.Count > 0 ? $"; exception {string.Join(", ", Exceptions)}" : "")
            + (Rate is { } rate ? FormattableString.Invariant($"; {rate.Count} in {rate.Window.TotalSeconds:0.###} s") : "");
}
