using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EasyIsp.Core.Secrets;

/// <summary>
/// A protected value as it lies in the database. It says nothing by itself; <see cref="SecretCodec"/> reveals it, in
/// the few named places that may.
/// </summary>
public sealed record Secret(byte[] Protected)
{
    public bool Equals(Secret? other) => other is not null && Protected.AsSpan().SequenceEqual(other.Protected);

    public override int GetHashCode() => Protected.Length >= 4 ? BitConverter.ToInt32(Protected, Protected.Length - 4) : 0;

    public override string ToString() => "(secret)";
}

internal sealed class SecretConverter() : ValueConverter<Secret, byte[]>(secret => secret.Protected, bytes => new Secret(bytes));
