using System.Buffers.Text;
using System.Security.Cryptography;

namespace EasyIsp.Core.Shared;

/// <summary>Unguessable text from the system's generator.</summary>
public static class RandomText
{
    /// <summary>Digits and capitals that no one mistakes for each other: no 0/O, 1/I/L, U/V.</summary>
    public const string ReadableLetters = "23456789ABCDEFGHJKMNPQRSTWXYZ";

    /// <summary>128 random bits, fit for an address.</summary>
    public static string Key() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public static string Readable(int length) => RandomNumberGenerator.GetString(ReadableLetters, length);
}
