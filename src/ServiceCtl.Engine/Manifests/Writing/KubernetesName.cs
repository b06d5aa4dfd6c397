namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>Names of Kubernetes are labels of DNS: up to 63 small letters, digits and dashes, a letter first.</summary>
internal static class KubernetesName
{
    private const int Longest = 63;

    public static string Of(string name)
    {
        var label = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));
        if (!char.IsAsciiLetter(label[0]))
            label = "s-" + label;
        return (label.Length > Longest ? label[..Longest] : label).TrimEnd('-');
    }
}
