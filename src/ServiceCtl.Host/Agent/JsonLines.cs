using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ServiceCtl.Host.Agent;

/// <summary>An answer of a line of JSON for each thing that happens. What was written goes out with <see cref="FlushAsync"/>.</summary>
internal sealed class JsonLines
{
    private readonly HttpResponse _response;

    private JsonLines(HttpResponse response)
    {
        _response = response;
    }

    public static JsonLines Begin(HttpContext context)
    {
        context.Response.ContentType = "application/x-ndjson";
        return new JsonLines(context.Response);
    }

    /// <param name="value">Null: an empty line.</param>
    /// <param name="type">How it is written.</param>
    public void Write<T>(T? value, JsonTypeInfo<T> type)
    {
        if (value is not null)
            _response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(value, type));
        _response.BodyWriter.Write("\n"u8);
    }

    public async Task FlushAsync(CancellationToken cancellation) => await _response.BodyWriter.FlushAsync(cancellation);
}
