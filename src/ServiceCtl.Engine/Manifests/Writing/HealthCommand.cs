using System.Globalization;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>Asks a page from inside a container, by whichever of three programs the image has.</summary>
internal static class HealthCommand
{
    public static string Of(string url, int seconds) => string.Create(CultureInfo.InvariantCulture,
        $"if command -v python3 >/dev/null; then exec python3 -c "
            + $"'import urllib.request as r; r.urlopen(\"{url}\", timeout={seconds})'; fi; ")
        + string.Create(CultureInfo.InvariantCulture,
            $"if command -v wget >/dev/null; then exec wget -q -T {seconds} -O /dev/null '{url}'; fi; ")
        + string.Create(CultureInfo.InvariantCulture, $"exec curl -fsS -m {seconds} -o /dev/null '{url}'");
}
