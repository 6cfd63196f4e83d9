package dev.millrace.core.policy;

import dev.millrace.core.network.NetworkSpec;
import dev.millrace.core.network.NetworkSpec.Activation;
import dev.millrace.core.network.NetworkSpec.Dense;
import dev.millrace.core.network.NetworkSpec.Head;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * A policy as a file: everything needed to act with it, and nothing of how it was learned.
 *
 * <p>The bytes are {@code MILLRACE}, a format version, the fields below and a CRC-32 of all that
 * precedes it, big-endian throughout.
 *
 * @param algorithm name of the algorithm that learned it
 * @param environment name of the environment it acts in
 * @param network its network
 * @param version which parameters
 * @param values {@code float[P]}, the flat parameter vector
 */
public record PolicyFile(
    String algorithm,
    String environment,
    NetworkSpec network,
    ParameterVersion version,
    float[] values) {
  private static final byte[] MAGIC = {'M', 'I', 'L', 'L', 'R', 'A', 'C', 'E'};
  private static final int FORMAT = 1;

  public PolicyFile {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(version, "version");
    if (values.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "policy with parameters=%d: network %s needs %d"
              .formatted(values.length, network, network.parameterCount()));
    }
  }

  /** Writes the file whole or not at all: readers see the old one or the new one. */
  public void write(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path partial = absolute.resolveSibling(absolute.getFileName() + ".partial");
    Files.write(partial, bytes());
    Files.move(
        partial, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(FORMAT);
    out.writeUTF(algorithm);
    out.writeUTF(environment);
    writeNetwork(out);
    out.writeLong(version.epoch());
    out.writeLong(version.step());
    for (float value : values) {
      out.writeFloat(value);
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes.toByteArray());
    out.writeInt((int) checksum.getValue());
    return bytes.toByteArray();
  }

  private void writeNetwork(DataOutputStream out) throws IOException {
    out.writeInt(network.inputs());
    out.writeInt(network.hidden().size());
    for (Dense layer : network.hidden()) {
      out.writeInt(layer.units());
      out.writeUTF(layer.activation().name());
    }
    out.writeUTF(network.head().name());
    out.writeInt(network.outputs());
  }

  /**
   * Reads a policy.
   *
   * @throws IOException saying what is wrong, if the file is missing, damaged, or not a policy
   */
  public static PolicyFile read(Path path) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "policy %s: there is no such file; a run leaves its best policy in its run folder"
              .formatted(path),
          e);
    }
    if (bytes.length < MAGIC.length
        || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
      throw new IOException("policy %s: is not a policy of Millrace".formatted(path));
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    in.skipNBytes(MAGIC.length);
    int format = bytes.length < MAGIC.length + Integer.BYTES ? FORMAT : in.readInt();
    if (format != FORMAT) {
      throw new IOException(
          "policy %s: format=%d, this build reads %d; use the build that wrote it"
              .formatted(path, format, FORMAT));
    }
    if (!intact(bytes)) {
      throw new IOException(
          "policy %s: %d bytes do not match their checksum: it was cut short or damaged; copy it again"
              .formatted(path, bytes.length));
    }
    return read(in);
  }

  private static boolean intact(byte[] bytes) throws IOException {
    int length = bytes.length - Integer.BYTES;
    if (length < MAGIC.length + Integer.BYTES) {
      return false;
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    DataInputStream last =
        new DataInputStream(new ByteArrayInputStream(bytes, length, Integer.BYTES));
    return last.readInt() == (int) checksum.getValue();
  }

  private static PolicyFile read(DataInputStream in) throws IOException {
    String algorithm = in.readUTF();
    String environment = in.readUTF();
    int inputs = in.readInt();
    List<Dense> hidden = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      hidden.add(new Dense(in.readInt(), Activation.valueOf(in.readUTF())));
    }
    Head head = Head.valueOf(in.readUTF());
    NetworkSpec network = new NetworkSpec(inputs, hidden, head, in.readInt());
    ParameterVersion version = new ParameterVersion(in.readLong(), in.readLong());
    float[] values = new float[network.parameterCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return new PolicyFile(algorithm, environment, network, version, values);
  }
}
