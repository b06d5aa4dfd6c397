using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>What <c>servicectl config --json</c> prints: camelCase names, enums as words, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ServiceSetting>))]
[JsonSerializable(typeof(IReadOnlyList<ServiceConfigCheck>))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(TimeSpan))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(OrderedDictionary<string, object>))]
public sealed partial class ServiceConfigJson : JsonSerializerContext;
