using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>The agent's language, which is also what <c>--json</c> prints: camelCase names, enums as words, nothing for null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(OperationEvent))]
[JsonSerializable(typeof(OperationRequest))]
[JsonSerializable(typeof(PyService))]
[JsonSerializable(typeof(IReadOnlyList<PyService>))]
[JsonSerializable(typeof(PyServiceStatus))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceStatus>))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(LogRequest))]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(IReadOnlyList<RegistrationResult>))]
[JsonSerializable(typeof(ServiceEvent))]
[JsonSerializable(typeof(PyServiceFailure))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceFailureDecision>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceFailureRule>))]
[JsonSerializable(typeof(IReadOnlyList<OperationResult>))]
[JsonSerializable(typeof(ServiceTestRequest))]
[JsonSerializable(typeof(ServiceTestEvent))]
[JsonSerializable(typeof(IReadOnlyList<ServiceTestEvent>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceWrapper>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceUnit>))]
[JsonSerializable(typeof(ConfigPushRequest))]
[JsonSerializable(typeof(PyServiceConfigPush))]
[JsonSerializable(typeof(PyServiceHealth))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceConfigPush>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(PyServiceModuleAddress))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceModuleAddress>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceEnvironment>))]
[JsonSerializable(typeof(IReadOnlyList<HostCheck>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceHostInstallation>))]
[JsonSerializable(typeof(PyServiceSchedule))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceSchedule>))]
[JsonSerializable(typeof(PyServiceDeployment))]
[JsonSerializable(typeof(PyServiceDeployPlan))]
[JsonSerializable(typeof(PyServiceStageLock))]
[JsonSerializable(typeof(PyServiceRelease))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceRelease>))]
[JsonSerializable(typeof(IReadOnlyList<PyServiceStage>))]
[JsonSerializable(typeof(RelogEvent))]
[JsonSerializable(typeof(ReleaseSwitchRequest))]
[JsonSerializable(typeof(RelogRequest))]
public sealed partial class AgentJson : JsonSerializerContext;
