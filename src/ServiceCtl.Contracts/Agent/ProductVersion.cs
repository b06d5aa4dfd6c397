using System.Reflection;

namespace ServiceCtl.Contracts;

/// <summary>The version both faces and the agent tell.</summary>
public static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
