"""The 3D VQ-VAE of TAR3D: oriented surface points -> 3 R^2 codes -> triplane -> occupancy logits.

Attribute names are the published checkpoint keys. Coordinates are in [-1, 1], y up; a logit above 0 is inside.
Specification 3; defaults are the published size.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CODEBOOK_HISTORY = 65536 * 4
UPSAMPLE = 8


@dataclass(frozen=True)
class VQVAESettings:
    """Sizes of the network; defaults are the published ones."""

    triplane_res: int = 32  # R; 3 R^2 codes
    width: int = 768
    heads: int = 12
    num_freqs: int = 8
    include_pi: bool = False
    num_encoder_layers: int = 8
    triplane_layers: int = 6
    z_dim: int = 16
    hidden: int = 32  # channels of the triplane
    codebook_size: int = 16384
    codebook_embed_dim: int = 8
    embed_dim: int = 64  # sizes the layers of the VAE phase, which the quantised model keeps but never calls
    qkv_bias: bool = False
    init_scale: float = 0.25
    attn_mode: Literal["merged", "multihead"] = "merged"  # published checkpoints were trained with `merged`
    unused_layers: bool = True  # hold the published checkpoint's uncalled layers, so that its keys match

    @property
    def codes(self) -> int:
        return 3 * self.triplane_res**2


class PointEmbedding(nn.Module):
    """Fourier features of points with the normals appended; holds no weights."""

    freqs: Tensor

    def __init__(self, num_freqs: int, include_pi: bool):
        super().__init__()
        freqs = 2.0 ** torch.arange(num_freqs) * (torch.pi if include_pi else 1.0)
        self.register_buffer("freqs", freqs, persistent=False)
        self.width = 3 + 6 * num_freqs + 3

    def forward(self, points: Tensor, normals: Tensor) -> Tensor:
        angles = (points[..., None] * self.freqs).flatten(-2)  # [B, M, 3 F], coordinate-major
        return torch.cat([points, angles.sin(), angles.cos(), normals], dim=-1)


class Attention(nn.Module):
    """Self- or cross-attention whose packed projections interleave q, k, v per head.

    `merged` reproduces what the published code computes: the heads are merged back before the product, which makes it
    one head as wide as the model (specification 3.4).
    """

    def __init__(self, s: VQVAESettings, cross: bool = False):
        super().__init__()
        self.heads, self.merged = s.heads, s.attn_mode == "merged"
        if cross:
            self.c_q = nn.Linear(s.width, s.width, bias=s.qkv_bias)
            self.c_kv = nn.Linear(s.width, 2 * s.width, bias=s.qkv_bias)
        else:
            self.c_qkv = nn.Linear(s.width, 3 * s.width, bias=s.qkv_bias)
        self.c_proj = nn.Linear(s.width, s.width)

    def forward(self, x: Tensor, data: Tensor | None = None) -> Tensor:
        if data is None:
            q, k, v = self.c_qkv(x).unflatten(-1, (self.heads, -1)).chunk(3, dim=-1)  # [B, N, heads, width / heads]
        else:
            q = self.c_q(x).unflatten(-1, (self.heads, -1))
            k, v = self.c_kv(data).unflatten(-1, (self.heads, -1)).chunk(2, dim=-1)
        if self.merged:
            q, k, v = (t.flatten(-2).unsqueeze(1) for t in (q, k, v))  # [B, 1, N, width]
        else:
            q, k, v = (t.transpose(1, 2) for t in (q, k, v))  # [B, heads, N, width / heads]
        out = F.scaled_dot_product_attention(q, k, v)
        return self.c_proj(out.transpose(1, 2).flatten(-2))


class MLP(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(F.gelu(self.c_fc(x)))


class CrossBlock(nn.Module):
    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.attn = Attention(s, cross=True)
        self.ln_1, self.ln_2, self.ln_3 = (nn.LayerNorm(s.width) for _ in range(3))
        self.mlp = MLP(s.width)

    def forward(self, x: Tensor, data: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x), self.ln_2(data))
        return x + self.mlp(self.ln_3(x))


class SelfBlock(nn.Module):
    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.attn = Attention(s)
        self.ln_1, self.ln_2 = nn.LayerNorm(s.width), nn.LayerNorm(s.width)
        self.mlp = MLP(s.width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class SelfStack(nn.Module):
    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.resblocks = nn.ModuleList(SelfBlock(s) for _ in range(s.num_encoder_layers))

    def forward(self, x: Tensor) -> Tensor:
        for block in self.resblocks:
            x = block(x)
        return x


class Encoder(nn.Module):
    """Points and normals [B, M, 3] -> latents [B, 1 + 3 R^2, width]; token 0 takes part but carries no code."""

    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.embed = PointEmbedding(s.num_freqs, s.include_pi)
        self.query = nn.Parameter(0.02 * torch.randn(1 + s.codes, s.width))
        self.input_proj = nn.Linear(self.embed.width, s.width)
        self.cross_attn = CrossBlock(s)
        self.self_attn = SelfStack(s)
        self.ln_post = nn.LayerNorm(s.width)

    def forward(self, points: Tensor, normals: Tensor) -> Tensor:
        data = self.input_proj(self.embed(points, normals))  # [B, M, width]
        query = self.query.expand(points.shape[0], -1, -1)
        return self.ln_post(self.self_attn(self.cross_attn(query, data)))


class Quantizer(nn.Module):
    """Nearest l2-normalised code; straight-through gradient; no averaging of the codebook (specification 3.5)."""

    commit_weight = 0.25
    codebook_used: Tensor

    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.embedding = nn.Embedding(s.codebook_size, s.codebook_embed_dim)
        bound = 1 / s.codebook_size
        rows = torch.rand_like(self.embedding.weight) * 2 * bound - bound
        self.embedding.weight.data = F.normalize(rows, dim=-1)
        self.register_buffer("codebook_used", torch.zeros(CODEBOOK_HISTORY))

    def rows(self) -> Tensor:
        """The codebook as it is used: unit vectors [K, C]."""
        return F.normalize(self.embedding.weight.float(), dim=-1)

    def nearest(self, unit: Tensor) -> Tensor:
        """Index of the nearest code of unit vectors [..., C]; the first on ties."""
        rows = self.rows()
        distance = unit.square().sum(-1, keepdim=True) + rows.square().sum(-1) - 2 * unit @ rows.T
        return distance.argmin(-1)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """z [B, C, h, w] -> (quantised [B, C, h, w], indices [B, h, w], loss)."""
        unit = F.normalize(z.float().permute(0, 2, 3, 1), dim=-1)
        indices = self.nearest(unit)
        code = self.rows()[indices]
        loss = (code - unit.detach()).square().mean() + self.commit_weight * (code.detach() - unit).square().mean()
        return (unit + (code - unit).detach()).permute(0, 3, 1, 2), indices, loss

    @torch.no_grad()
    def record_usage(self, indices: Tensor) -> Tensor:
        """Append indices to the history of the last 262 144 and return the share of codes found in it."""
        new = indices.flatten()[-CODEBOOK_HISTORY:].to(self.codebook_used.dtype)
        self.codebook_used.copy_(torch.cat([self.codebook_used[new.numel() :], new]))
        return self.codebook_used.unique().numel() / torch.tensor(float(self.embedding.num_embeddings))


class TriplaneBlock(nn.Module):
    """Attention inside each plane, attention over all planes (called `cross_attn`), MLP."""

    def __init__(self, s: VQVAESettings):
        super().__init__()
        if s.unused_layers:
            self.attn = Attention(s)
        self.self_attn, self.cross_attn = Attention(s), Attention(s)
        self.ln_1, self.ln_2, self.ln_3 = (nn.LayerNorm(s.width) for _ in range(3))
        self.mlp = MLP(s.width)

    def forward(self, x: Tensor) -> Tensor:
        planes = x.unflatten(1, (3, -1)).flatten(0, 1)  # [3 B, R^2, width]
        planes = planes + self.self_attn(self.ln_1(planes))
        x = planes.unflatten(0, (-1, 3)).flatten(1, 2)  # [B, 3 R^2, width]
        x = x + self.cross_attn(self.ln_2(x))
        return x + self.mlp(self.ln_3(x))


class TriplaneTransformer(nn.Module):
    def __init__(self, s: VQVAESettings):
        super().__init__()
        self.resblocks = nn.ModuleList(TriplaneBlock(s) for _ in range(s.triplane_layers))

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.flatten(2).transpose(1, 2)  # [B, 3 R^2, width]
        for block in self.resblocks:
            tokens = block(tokens)
        return tokens.transpose(1, 2).unflatten(2, x.shape[2:])


class ResBlock(nn.Module):
    def __init__(self, channels: int, out: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, padding=1), nn.BatchNorm2d(out)
        same = channels == out
        self.shortcut = nn.Sequential() if same else nn.Sequential(nn.Conv2d(channels, out, 1), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + self.shortcut(x))


class UpConvDecoder(nn.Module):
    """Eight-fold upsampling of the three planes stacked as one map; convolutions see across the seams."""

    def __init__(self, channels: int, hidden: int):
        super().__init__()
        self.block1 = ResBlock(channels, hidden)
        self.upsample1 = nn.ConvTranspose2d(hidden, hidden, 2, stride=2)
        self.block2, self.block3 = ResBlock(hidden, hidden), ResBlock(hidden, hidden)
        self.upsample2 = nn.ConvTranspose2d(hidden, hidden, 2, stride=2)
        self.block4 = ResBlock(hidden, hidden)
        self.upsample3 = nn.ConvTranspose2d(hidden, hidden, 2, stride=2)
        self.block5 = ResBlock(hidden, hidden)

    def forward(self, x: Tensor) -> Tensor:
        x = self.upsample1(self.block1(x))
        x = self.upsample2(self.block3(self.block2(x)))
        return self.block5(self.upsample3(self.block4(x)))


class OccupancyMLP(nn.Module):
    def __init__(self, hidden: int):
        super().__init__()
        layers = [nn.Linear(3 * hidden, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU()]
        self.net_sdf = nn.Sequential(*layers, nn.Linear(64, 1))

    def forward(self, features: Tensor) -> Tensor:
        return self.net_sdf(features).squeeze(-1)


class Synthesizer(nn.Module):
    """Planes [B, 3, C, H, W] and points [B, Q, 3] -> occupancy logits [B, Q]."""

    def __init__(self, hidden: int):
        super().__init__()
        self.decoder = OccupancyMLP(hidden)

    def forward(self, planes: Tensor, points: Tensor) -> Tensor:
        return self.decoder(torch.cat([sample_plane(planes[:, p], points, p) for p in range(3)], dim=-1))


def sample_plane(plane: Tensor, points: Tensor, which: int) -> Tensor:
    """Bilinear features [B, Q, C] of one plane [B, C, H, W]; column and row coordinates are xy, xz, zy (spec 2)."""
    columns_rows = points[..., ((0, 1), (0, 2), (2, 1))[which]]
    grid = columns_rows[:, None].to(plane.dtype)  # [B, 1, Q, 2]
    return F.grid_sample(plane, grid, align_corners=False)[:, :, 0].transpose(1, 2)


class VQVAE(nn.Module):
    """The whole autoencoder; attribute names are the published keys (without the prefix `sal.`)."""

    def __init__(self, settings: VQVAESettings):
        super().__init__()
        s = self.settings = settings
        self.encoder = Encoder(s)
        if s.unused_layers:
            self._add_vae_layers(s)
        self.quant_conv = nn.Conv2d(s.width, s.codebook_embed_dim, 1)
        self.quant = Quantizer(s)
        self.post_quant_conv = nn.Conv2d(s.codebook_embed_dim, s.width, 1)
        self.transformer = TriplaneTransformer(s)
        self.post_trans_conv = nn.Conv2d(s.width, s.z_dim, 1)
        self.up_conv_decoder = UpConvDecoder(s.z_dim, s.hidden)
        self.synthesizer = Synthesizer(s.hidden)
        self._init_weights()

    def _add_vae_layers(self, s: VQVAESettings) -> None:
        if s.embed_dim > 0:
            self.pre_kl, self.post_kl = nn.Linear(s.width, 2 * s.embed_dim), nn.Linear(s.embed_dim, s.width)
        self.latent_proj = nn.Linear(s.embed_dim or s.width, s.z_dim)

    def _init_weights(self) -> None:
        """Small transformer weights for encoder and decoder alike (the published decoder start is far too large)."""
        std = self.settings.init_scale * self.settings.width**-0.5
        for part in (self.encoder, self.transformer):
            for module in part.modules():
                if isinstance(module, nn.Linear):
                    nn.init.normal_(module.weight, std=std)
                    if module.bias is not None:
                        nn.init.zeros_(module.bias)
        for module in self.synthesizer.modules():
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def encode(self, points: Tensor, normals: Tensor) -> Tensor:
        """Surface points and normals [B, M, 3] -> latent map before quantisation [B, C, 3 R, R]."""
        return self.latent_map(self.encoder(points, normals))

    def latent_map(self, latents: Tensor) -> Tensor:
        res = self.settings.triplane_res
        return self.quant_conv(latents[:, 1:].transpose(1, 2).unflatten(2, (3 * res, res)))

    def planes(self, code_map: Tensor) -> Tensor:
        """Quantised map [B, C, 3 R, R] -> triplane [B, 3, hidden, 8 R, 8 R]."""
        x = self.transformer(self.post_quant_conv(code_map))
        x = self.up_conv_decoder(self.post_trans_conv(x))
        return x.unflatten(2, (3, -1)).transpose(1, 2)

    def query(self, planes: Tensor, points: Tensor) -> Tensor:
        return self.synthesizer(planes, points)

    def forward(
        self, points: Tensor, normals: Tensor, queries: Tensor, quantise: bool = True
    ) -> tuple[Tensor, Tensor, Tensor]:
        """-> (logits [B, Q], quantiser loss, indices [B, 3, R, R]); `quantise=False` trains without the codebook."""
        latent = self.encode(points, normals)
        code_map, indices, loss = self.quant(latent)
        if not quantise:
            code_map, loss = F.normalize(latent.float(), dim=1), 0 * loss
        res = self.settings.triplane_res
        return self.query(self.planes(code_map), queries), loss, indices.view(-1, 3, res, res)

    @torch.no_grad()
    def encode_codes(self, points: Tensor, normals: Tensor) -> Tensor:
        """Shape -> code sequence [B, 3 R^2] in next-part order (specification 3.8)."""
        unit = F.normalize(self.encode(points, normals).float().permute(0, 2, 3, 1), dim=-1)
        res = self.settings.triplane_res
        return to_sequence(self.quant.nearest(unit).view(-1, 3, res, res))

    @torch.no_grad()
    def decode_codes(self, sequence: Tensor) -> Tensor:
        """Code sequence [B, 3 R^2] -> triplane [B, 3, hidden, 8 R, 8 R]."""
        indices = from_sequence(sequence).flatten(1, 2)  # [B, 3 R, R]
        code_map = self.quant.rows()[indices].permute(0, 3, 1, 2)
        return self.planes(code_map.to(self.post_quant_conv.weight.dtype))


def to_sequence(indices: Tensor) -> Tensor:
    """Codes by plane [B, 3, R, R] -> [B, 3 R^2]: the three planes' codes of a position side by side."""
    return indices.permute(0, 2, 3, 1).flatten(1)


def from_sequence(sequence: Tensor) -> Tensor:
    """The inverse of `to_sequence`."""
    res = int((sequence.shape[1] / 3) ** 0.5 + 0.5)
    return sequence.view(-1, res, res, 3).permute(0, 3, 1, 2)
