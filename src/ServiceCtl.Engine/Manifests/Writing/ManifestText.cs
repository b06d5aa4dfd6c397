using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>Documents as the text of a YAML file: the same documents make the same bytes.</summary>
internal static class ManifestText
{
    /// <param name="comments">Lines above everything.</param>
    /// <param name="documents">One, or several.</param>
    public static string Of(IEnumerable<string> comments, params IReadOnlyList<ManifestMap> documents)
    {
        var text = new StringBuilder();
        foreach (var comment in comments)
            text.Append(comment.Length == 0 ? "#" : "# ").Append(comment).Append('\n');
        foreach (var document in documents)
        {
            if (documents.Count > 1)
                text.Append("---\n");
            text.Append(Of(document));
        }

        return text.ToString();
    }

    private static string Of(ManifestMap document)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(writer, new EmitterSettings(
            bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024).WithIndentedSequences());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        document.Emit(emitter);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return writer.ToString();
    }
}
