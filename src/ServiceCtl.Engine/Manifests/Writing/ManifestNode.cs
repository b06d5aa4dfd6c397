using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>A value of a YAML file in the making.</summary>
internal abstract partial record ManifestNode
{
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator ManifestNode?(string? text) => text is null ? null : new TextNode(text);

    [return: NotNullIfNotNull(nameof(number))]
    public static implicit operator ManifestNode?(long? number) =>
        number is { } given ? new PlainNode(given.ToString(CultureInfo.InvariantCulture)) : null;

    public static implicit operator ManifestNode(bool flag) => new PlainNode(flag ? "true" : "false");

    public static ManifestNode List(params IEnumerable<string> texts) => new ListNode([.. texts.Select(text => new TextNode(text))]);

    public static ManifestNode ListOf(params IEnumerable<ManifestNode> nodes) => new ListNode([.. nodes]);

    /// <summary>Null for none of them.</summary>
    public static ManifestNode? ListOrNone(IReadOnlyCollection<string> texts) => texts.Count == 0 ? null : List(texts);

    public static ManifestNode Number(double number) => new PlainNode(number.ToString("0.###", CultureInfo.InvariantCulture));

    /// <summary>Tells the emitter of this value and what is in it.</summary>
    public abstract void Emit(IEmitter emitter);

    private sealed record PlainNode(string Text) : ManifestNode
    {
        public override void Emit(IEmitter emitter) => emitter.Emit(new Scalar(Text));
    }

    private sealed record TextNode(string Text) : ManifestNode
    {
        public override void Emit(IEmitter emitter) => emitter.Emit(new Scalar(
            AnchorName.Empty, TagName.Empty, Text, StyleOf(Text), isPlainImplicit: true, isQuotedImplicit: true));
    }

    private sealed record ListNode(IReadOnlyList<ManifestNode> Items) : ManifestNode
    {
        public override void Emit(IEmitter emitter)
        {
            emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true,
                Items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
            foreach (var item in Items)
                item.Emit(emitter);
            emitter.Emit(new SequenceEnd());
        }
    }

    /// <summary>
    /// Readers differ in what <c>on</c>, <c>y</c>, <c>1e3</c>, <c>22:22</c> and <c>0644</c> are: whatever looks like one of them is quoted.
    /// </summary>
    private static ScalarStyle StyleOf(string text) =>
        PlainText().IsMatch(text) && ScalarText.KindOf(text) == ScalarKind.Text && text is not ("y" or "Y" or "n" or "N" or "=")
            ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./@+=,-]*( [A-Za-z0-9_./@+=,-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();
}
