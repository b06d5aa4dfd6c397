using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Checks;

/// <summary>
/// Gets the token of the integration tests: a POST of <c>{"user": …, "passw": …}</c> to <c>AUTH_URI</c>, in production to
/// <c>AUTH_URI_PROD</c>. The token is what the answer has as <c>token</c>, <c>access_token</c> or <c>result</c>, or one of the first two
/// within <c>result</c>.
/// </summary>
internal static class TokenSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly string[] Names = ["token", "access_token"];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: nothing says where it comes from.
    /// <see cref="ErrorCode.AuthenticationFailed"/>.</exception>
    public static async Task<string> GetAsync(ServiceDefinition definition, Login login, CancellationToken cancellation)
    {
        var key = definition.Auth.KeyOfUri;
        if (!Uri.TryCreate(definition.Auth.Uri, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name,
                definition.Auth.Uri is null ? $"USING_AUTH is on, and {key} does not say where the token comes from."
                    : $"{key} is not an http address: {definition.Auth.Uri}.",
                $"Set {key} in {definition.ConfigPath}, or turn USING_AUTH off.");
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var content = new StringContent(
                JsonValues.Text(new JsonObject { ["user"] = login.User, ["passw"] = login.Password }), Encoding.UTF8,
                new MediaTypeHeaderValue("application/json"));
            using var response = await http.PostAsync(uri, content, limit.Token);
            var body = await response.Content.ReadAsStringAsync(limit.Token);
            if (!response.IsSuccessStatusCode)
                throw Failed(definition, $"{uri} answered {(int)response.StatusCode} to {login.User}", null);
            return Find(body) ?? throw Failed(definition, $"the answer of {uri} holds no token", null);
        }
        catch (HttpRequestException error)
        {
            throw Failed(definition, $"{uri} could not be asked: {(error.InnerException ?? error).Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(definition, $"{uri} did not answer within {Limit.TotalSeconds:0} s", error);
        }
    }

    public static ServiceCtlException WithoutLogin(ServiceDefinition definition) => new(
        ErrorCode.CredentialRequired, definition.Name,
        $"The integration tests of {definition.Name} need a token, and nobody said who asks for it. No test was run.",
        $"Write 'auth: {{user: …, passw: …}}' into {TestFileReader.FileName}, or give '--user' and '--password-stdin'.");

    private static string? Find(string body)
    {
        try
        {
            var answer = JsonValues.Parse(body);
            return TextOf(answer) ?? Named(answer) ?? TextOf((answer as JsonObject)?["result"]) ?? Named((answer as JsonObject)?["result"]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Named(JsonNode? node) =>
        node is JsonObject members ? Names.Select(name => TextOf(members[name])).FirstOrDefault(text => text is not null) : null;

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static ServiceCtlException Failed(ServiceDefinition definition, string words, Exception? cause) => new(
        ErrorCode.AuthenticationFailed, definition.Name, $"No token for the integration tests of {definition.Name}: {words}.",
        $"Check {definition.Auth.KeyOfUri} in {definition.ConfigPath}, the user and the password.", cause);
}
