using System.Buffers;

namespace EasyIsp.Portal.Payments;

/// <summary>Bodies that are kept to the byte.</summary>
internal static class RequestBody
{
    /// <returns>Null when it is larger than what is kept.</returns>
    public static async Task<byte[]?> BodyAsync(this HttpRequest request, int most)
    {
        if (request.ContentLength > most)
            return null;

        var buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
            return length > most ? null : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
