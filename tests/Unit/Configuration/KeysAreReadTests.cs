using System.Reflection;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>A key that can be written does something, or it says that it does not.</summary>
public sealed class KeysAreReadTests
{
    public static TheoryData<string> Keys => [.. KeyProperties().Select(NameOf)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_key_is_read_by_the_product_or_says_that_it_is_not(string name)
    {
        PropertyInfo property = KeyProperties().Single(property => NameOf(property) == name);
        SchemaKey key = (SchemaKey)property.GetValue(null)!;
        bool isUnavailable = key.IsUnavailable || ServiceSchema.Schema.Sections
            .Any(section => section.IsUnavailable && key.Path.StartsWith($"{section.Path}.", StringComparison.Ordinal));

        // Its own class only lists it.
        Regex use = new($@"\b{property.DeclaringType!.Name}\.{property.Name}\b");
        bool isRead = Sources.Value.Any(source => source.Name != $"{property.DeclaringType.Name}.cs" && use.IsMatch(source.Text));

        Assert.True(
            isRead != (isUnavailable || key.IsPassedOver),
            isRead ? $"{key.Path} is read, and says that it is not."
                : $"Nobody reads {key.Path}: build it, or mark it {nameof(SchemaKey.IsUnavailable)} or {nameof(SchemaKey.IsPassedOver)}.");
    }

    private static readonly Lazy<IReadOnlyList<(string Name, string Text)>> Sources = new(() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ]);

    private static IEnumerable<PropertyInfo> KeyProperties() => typeof(ServiceSchema).Assembly.GetTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(property => property.PropertyType.IsAssignableTo(typeof(SchemaKey)));

    private static string NameOf(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}
