namespace ServiceCtl.Engine.Manifests;

/// <summary>
/// The variables of whoever applies a manifest that hold the secrets of its services. A secret has its own name, and the service's
/// before it where another service has a different one by that name.
/// </summary>
internal sealed class SecretVariables
{
    private readonly Dictionary<(string Service, string Name), string> _variables = [];

    public SecretVariables(IReadOnlyList<ManifestService> services)
    {
        var all = services.SelectMany(service => service.Secrets.Select(secret => (service, secret.Name, secret.Value)));
        foreach (var same in all.GroupBy(secret => secret.Name, StringComparer.Ordinal))
        {
            var isShared = same.Select(secret => secret.Value).Distinct(StringComparer.Ordinal).Count() == 1;
            foreach (var (service, name, _) in same)
                _variables[(service.Name, name)] = isShared ? name : $"{Word(service.Name)}_{name}";
        }
    }

    public IReadOnlyList<string> Names => [.. _variables.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public string Of(ManifestService service, string name) => _variables[(service.Name, name)];

    private static string Word(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_'));
}
