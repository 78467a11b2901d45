//! The keys that each OpenClaw version knows below `models` and `agents`.
//!
//! Written by `scripts/keys.py` from the versions' own schemas; change that instead.

use crate::openclaw::Version;

/// An object of the config.
pub(super) struct Object {
    /// Every key that some version knows, sorted: the key, the versions that know it (bit by bit
    /// as in [`VERSIONS`]), and the index of its value's object in [`OBJECTS`], or of its items'.
    pub(super) keys: &'static [(&'static str, u8, u16)],
    /// The versions that refuse every other key.
    pub(super) closed: u8,
    /// The index of the object behind every other key.
    pub(super) rest: u16,
}

/// Stands for no object.
pub(super) const NONE: u16 = u16::MAX;

/// The versions, oldest first.
pub(super) const VERSIONS: [Version; 7] = [
    Version::new(2026, 2, 12),
    Version::new(2026, 2, 17),
    Version::new(2026, 4, 15),
    Version::new(2026, 5, 28),
    Version::new(2026, 7, 1),
    Version::new(2026, 8, 1),
    Version::new(2026, 9, 6),
];

/// The index of `models` in [`OBJECTS`].
pub(super) const MODELS: u16 = 26;

/// The index of `agents` in [`OBJECTS`].
pub(super) const AGENTS: u16 = 206;

/// Every object, each different one once.
#[rustfmt::skip]
pub(super) const OBJECTS: &[Object] = &[
    Object { keys: &[
        ("defaultContextWindow", 3, NONE), ("defaultMaxTokens", 3, NONE), ("enabled", 3, NONE),
        ("providerFilter", 3, NONE), ("refreshInterval", 3, NONE), ("region", 3, NONE),
    ], closed: 3, rest: NONE },
    Object { keys: &[("enabled", 96, NONE), ("url", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("enabled", 24, NONE)], closed: 24, rest: NONE },
    Object { keys: &[("id", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[
        ("id", 124, NONE), ("provider", 124, NONE), ("source", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[], closed: 0, rest: 4 },
    Object { keys: &[], closed: 0, rest: NONE },
    Object { keys: &[
        ("args", 120, NONE), ("command", 120, NONE), ("cwd", 120, NONE), ("env", 120, 6),
        ("healthUrl", 120, NONE), ("idleStopMs", 120, NONE), ("readyTimeoutMs", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("audio", 96, NONE), ("completion", 96, NONE), ("image", 96, NONE), ("prompt", 96, NONE),
        ("request", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("p50", 96, NONE), ("p75", 96, NONE), ("p90", 96, NONE), ("p99", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("by", 96, NONE), ("partition", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("allow_fallbacks", 96, NONE), ("data_collection", 96, NONE),
        ("enforce_distillable_text", 96, NONE), ("ignore", 96, NONE), ("max_price", 96, 8),
        ("only", 96, NONE), ("order", 96, NONE), ("preferred_max_latency", 96, 9),
        ("preferred_min_throughput", 96, 9), ("quantizations", 96, NONE),
        ("require_parameters", 96, NONE), ("sort", 96, 10), ("zdr", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("only", 96, NONE), ("order", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("cacheControlFormat", 96, NONE), ("codeMode", 96, NONE), ("maxTokensField", 127, NONE),
        ("nativeWebSearchTool", 28, NONE), ("openRouterRouting", 96, 11),
        ("reasoningEffortMap", 120, 6), ("requiresAssistantAfterToolResult", 126, NONE),
        ("requiresMistralToolIds", 30, NONE), ("requiresOpenAiAnthropicToolPayload", 124, NONE),
        ("requiresReasoningContentOnAssistantMessages", 112, NONE),
        ("requiresStringContent", 124, NONE), ("requiresThinkingAsText", 126, NONE),
        ("requiresToolResultName", 126, NONE), ("sendSessionAffinityHeaders", 96, NONE),
        ("sendSessionIdHeader", 96, NONE), ("strictMessageKeys", 120, NONE),
        ("supportedReasoningEfforts", 120, NONE), ("supportsDeveloperRole", 127, NONE),
        ("supportsEagerToolInputStreaming", 96, NONE), ("supportsInstructions", 96, NONE),
        ("supportsJsonSchemaResponseFormat", 96, NONE), ("supportsLongCacheRetention", 96, NONE),
        ("supportsPromptCacheKey", 124, NONE), ("supportsReasoningEffort", 127, NONE),
        ("supportsResponsesContinuation", 64, NONE), ("supportsStore", 127, NONE),
        ("supportsStrictMode", 126, NONE), ("supportsTemperature", 112, NONE),
        ("supportsTools", 124, NONE), ("supportsUsageInStreaming", 126, NONE),
        ("thinkingFormat", 126, NONE), ("toolCallArgumentsEncoding", 124, NONE),
        ("toolSchemaProfile", 124, NONE), ("unsupportedToolSchemaKeywords", 124, NONE),
        ("vercelGatewayRouting", 96, 12), ("visibleReasoningDetailTypes", 120, NONE),
        ("zaiToolStream", 96, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("cacheRead", 120, NONE), ("cacheWrite", 120, NONE), ("input", 120, NONE),
        ("output", 120, NONE), ("range", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("cacheRead", 127, NONE), ("cacheWrite", 127, NONE), ("input", 127, NONE),
        ("output", 127, NONE), ("tieredPricing", 120, 14),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("maxBytes", 120, NONE), ("maxPixels", 120, NONE), ("maxSidePx", 120, NONE),
        ("preferredSidePx", 120, NONE), ("tokenMode", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[("image", 120, 16)], closed: 120, rest: NONE },
    Object { keys: &[
        ("high", 112, NONE), ("low", 112, NONE), ("max", 112, NONE), ("medium", 112, NONE),
        ("minimal", 112, NONE), ("off", 112, NONE), ("xhigh", 112, NONE),
    ], closed: 112, rest: NONE },
    Object { keys: &[
        ("agentRuntime", 120, 3), ("api", 127, NONE), ("baseUrl", 120, NONE), ("compat", 127, 13),
        ("contextTokens", 124, NONE), ("contextWindow", 127, NONE), ("cost", 127, 15),
        ("headers", 127, 6), ("id", 127, NONE), ("input", 127, NONE), ("maxTokens", 127, NONE),
        ("mediaInput", 120, 17), ("metadataSource", 120, NONE), ("name", 127, NONE),
        ("params", 120, 6), ("reasoning", 127, NONE), ("thinkingLevelMap", 112, 18),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("headerName", 124, NONE), ("mode", 124, NONE), ("prefix", 124, NONE), ("token", 124, 4),
        ("value", 124, 4),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("ca", 124, 4), ("cert", 124, 4), ("insecureSkipVerify", 124, NONE), ("key", 124, 4),
        ("passphrase", 124, 4), ("serverName", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("mode", 124, NONE), ("tls", 124, 21), ("url", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("allowPrivateNetwork", 124, NONE), ("auth", 124, 20), ("headers", 124, 5),
        ("proxy", 124, 22), ("tls", 124, 21),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("agentRuntime", 120, 3), ("api", 127, NONE), ("apiKey", 127, 4), ("auth", 127, NONE),
        ("authHeader", 127, NONE), ("baseUrl", 127, NONE), ("contextTokens", 120, NONE),
        ("contextWindow", 120, NONE), ("headers", 127, 5),
        ("injectNumCtxForOpenAICompat", 124, NONE), ("localService", 120, 7),
        ("maxTokens", 120, NONE), ("models", 127, 19), ("params", 120, 6), ("region", 120, NONE),
        ("request", 124, 23), ("timeoutSeconds", 120, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[], closed: 0, rest: 24 },
    Object { keys: &[
        ("bedrockDiscovery", 3, 0), ("catalogRefresh", 96, 1), ("mode", 127, NONE),
        ("pricing", 24, 2), ("providers", 127, 25),
    ], closed: 127, rest: NONE },
    Object { keys: &[("agentId", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("breakPreference", 127, NONE), ("maxChars", 127, NONE), ("minChars", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("idleMs", 127, NONE), ("maxChars", 127, NONE), ("minChars", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("maxTurnLines", 24, NONE), ("maxTurnRawChars", 24, NONE),
    ], closed: 24, rest: NONE },
    Object { keys: &[
        ("maxMs", 30, NONE), ("minMs", 30, NONE), ("noOutputTimeoutMs", 30, NONE),
        ("noOutputTimeoutRatio", 30, NONE),
    ], closed: 30, rest: NONE },
    Object { keys: &[("fresh", 30, 31), ("resume", 30, 31)], closed: 30, rest: NONE },
    Object { keys: &[("outputLimits", 24, 30), ("watchdog", 30, 32)], closed: 30, rest: NONE },
    Object { keys: &[
        ("args", 31, NONE), ("clearEnv", 31, NONE), ("command", 31, NONE), ("env", 31, 6),
        ("imageArg", 31, NONE), ("imageMode", 31, NONE), ("imagePathScope", 28, NONE),
        ("input", 31, NONE), ("jsonlDialect", 28, NONE), ("liveSession", 24, NONE),
        ("maxPromptArgChars", 31, NONE), ("modelAliases", 31, 6), ("modelArg", 31, NONE),
        ("output", 31, NONE), ("reliability", 30, 33),
        ("reseedFromRawTranscriptWhenUncompacted", 24, NONE), ("resumeArgs", 31, NONE),
        ("resumeOutput", 31, NONE), ("serialize", 31, NONE), ("sessionArg", 31, NONE),
        ("sessionArgs", 31, NONE), ("sessionIdFields", 31, NONE), ("sessionMode", 31, NONE),
        ("systemPromptArg", 31, NONE), ("systemPromptFileArg", 24, NONE),
        ("systemPromptFileConfigArg", 28, NONE), ("systemPromptFileConfigKey", 28, NONE),
        ("systemPromptMode", 31, NONE), ("systemPromptWhen", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[], closed: 0, rest: 34 },
    Object { keys: &[
        ("enabled", 127, NONE), ("forceFlushTranscriptBytes", 124, NONE), ("model", 120, NONE),
        ("prompt", 31, NONE), ("softThresholdTokens", 127, NONE), ("systemPrompt", 31, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("enabled", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[("enabled", 124, NONE), ("maxRetries", 124, NONE)], closed: 124, rest: NONE },
    Object { keys: &[
        ("customInstructions", 28, NONE), ("enabled", 96, NONE),
        ("identifierInstructions", 28, NONE), ("identifierPolicy", 124, NONE),
        ("keepRecentTokens", 124, NONE), ("maxActiveTranscriptBytes", 120, NONE),
        ("maxHistoryShare", 31, NONE), ("memoryFlush", 127, 36), ("midTurnPrecheck", 120, 37),
        ("mode", 127, NONE), ("model", 124, NONE), ("notifyUser", 124, NONE),
        ("postCompactionSections", 124, NONE), ("postIndexSync", 124, NONE),
        ("provider", 124, NONE), ("qualityGuard", 124, 38), ("recentTurnsPreserve", 124, NONE),
        ("reserveTokens", 28, NONE), ("reserveTokensFloor", 31, NONE), ("thinkingLevel", 96, NONE),
        ("timeoutSeconds", 124, NONE), ("truncateAfterCompaction", 24, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("memoryGetDefaultLines", 28, NONE), ("memoryGetMaxChars", 124, NONE),
        ("postCompactionMaxChars", 124, NONE), ("toolResultMaxChars", 28, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[("enabled", 127, NONE), ("placeholder", 127, NONE)], closed: 127, rest: NONE },
    Object { keys: &[
        ("headChars", 31, NONE), ("maxChars", 31, NONE), ("tailChars", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[("allow", 127, NONE), ("deny", 127, NONE)], closed: 127, rest: NONE },
    Object { keys: &[
        ("hardClear", 127, 41), ("hardClearRatio", 31, NONE), ("keepLastAssistants", 31, NONE),
        ("minPrunableToolChars", 31, NONE), ("mode", 127, NONE), ("softTrim", 31, 42),
        ("softTrimRatio", 31, NONE), ("tools", 127, 43), ("ttl", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("cooloffMs", 64, NONE), ("mode", 64, NONE), ("model", 64, NONE),
    ], closed: 64, rest: NONE },
    Object { keys: &[
        ("cyberFailover", 64, 45), ("executionContract", 120, NONE),
        ("projectSettingsPolicy", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[("fallback", 4, NONE), ("runtime", 4, NONE)], closed: 4, rest: NONE },
    Object { keys: &[
        ("executionContract", 4, NONE), ("projectSettingsPolicy", 4, NONE),
    ], closed: 4, rest: NONE },
    Object { keys: &[("localModelLean", 124, NONE)], closed: 124, rest: NONE },
    Object { keys: &[
        ("end", 127, NONE), ("start", 127, NONE), ("timezone", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("accountId", 127, NONE), ("ackMaxChars", 31, NONE), ("activeHours", 127, 50),
        ("agentId", 96, NONE), ("directPolicy", 124, NONE), ("every", 127, NONE),
        ("includeReasoning", 31, NONE), ("includeSystemPromptSection", 28, NONE),
        ("isolatedSession", 124, NONE), ("lightContext", 124, NONE), ("model", 127, NONE),
        ("prompt", 127, NONE), ("session", 127, NONE), ("skipWhenBusy", 24, NONE),
        ("suppressToolErrorWarnings", 30, NONE), ("target", 127, NONE),
        ("timeoutSeconds", 124, NONE), ("to", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("maxMs", 127, NONE), ("minMs", 127, NONE), ("mode", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("fallbacks", 28, NONE), ("primary", 28, NONE), ("timeoutMs", 24, NONE),
    ], closed: 28, rest: NONE },
    Object { keys: &[
        ("fallbacks", 127, NONE), ("primary", 127, NONE), ("timeoutMs", 120, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("idleTimeoutSeconds", 4, NONE)], closed: 4, rest: NONE },
    Object { keys: &[
        ("fallbacks", 96, NONE), ("primary", 96, NONE), ("timeoutMs", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("image", 96, 56), ("music", 96, 56), ("video", 96, 56),
    ], closed: 96, rest: NONE },
    Object { keys: &[("enabled", 31, NONE), ("maxEntries", 31, NONE)], closed: 31, rest: NONE },
    Object { keys: &[("overlap", 31, NONE), ("tokens", 31, NONE)], closed: 31, rest: NONE },
    Object { keys: &[("sessionMemory", 31, NONE)], closed: 31, rest: NONE },
    Object { keys: &[
        ("contextSize", 24, NONE), ("modelCacheDir", 31, NONE), ("modelPath", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("enabled", 28, NONE), ("maxFileBytes", 28, NONE), ("modalities", 28, NONE),
    ], closed: 28, rest: NONE },
    Object { keys: &[
        ("name", 28, NONE), ("path", 28, NONE), ("pattern", 28, NONE),
    ], closed: 28, rest: NONE },
    Object { keys: &[("extraCollections", 28, 63)], closed: 28, rest: NONE },
    Object { keys: &[("enabled", 30, NONE), ("lambda", 30, NONE)], closed: 30, rest: NONE },
    Object { keys: &[("enabled", 30, NONE), ("halfLifeDays", 30, NONE)], closed: 30, rest: NONE },
    Object { keys: &[
        ("candidateMultiplier", 31, NONE), ("enabled", 31, NONE), ("mmr", 30, 65),
        ("temporalDecay", 30, 66), ("textWeight", 31, NONE), ("vectorWeight", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("hybrid", 31, 67), ("maxResults", 31, NONE), ("minScore", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("id", 28, NONE), ("provider", 28, NONE), ("source", 28, NONE),
    ], closed: 28, rest: NONE },
    Object { keys: &[
        ("concurrency", 31, NONE), ("enabled", 31, NONE), ("pollIntervalMs", 31, NONE),
        ("timeoutMinutes", 31, NONE), ("wait", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("apiKey", 31, 69), ("baseUrl", 31, NONE), ("batch", 31, 70), ("headers", 31, 6),
        ("nonBatchConcurrency", 24, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[("tokenizer", 28, NONE)], closed: 28, rest: NONE },
    Object { keys: &[("enabled", 31, NONE), ("extensionPath", 31, NONE)], closed: 31, rest: NONE },
    Object { keys: &[
        ("driver", 31, NONE), ("fts", 28, 72), ("path", 15, NONE), ("vector", 31, 73),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("deltaBytes", 31, NONE), ("deltaMessages", 31, NONE), ("postCompactionForce", 28, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("embeddingBatchTimeoutSeconds", 24, NONE), ("intervalMinutes", 31, NONE),
        ("onSearch", 31, NONE), ("onSessionStart", 31, NONE), ("sessions", 31, 75),
        ("watch", 31, NONE), ("watchDebounceMs", 31, NONE),
    ], closed: 31, rest: NONE },
    Object { keys: &[
        ("cache", 31, 58), ("chunking", 31, 59), ("documentInputType", 24, NONE),
        ("enabled", 31, NONE), ("experimental", 31, 60), ("extraPaths", 31, NONE),
        ("fallback", 31, NONE), ("inputType", 24, NONE), ("local", 31, 61), ("model", 31, NONE),
        ("multimodal", 28, 62), ("outputDimensionality", 28, NONE), ("provider", 31, NONE),
        ("qmd", 28, 64), ("query", 31, 68), ("queryInputType", 24, NONE), ("remote", 31, 71),
        ("sources", 31, NONE), ("store", 31, 74), ("sync", 31, 76),
    ], closed: 31, rest: NONE },
    Object { keys: &[("fallbacks", 127, NONE), ("primary", 127, NONE)], closed: 127, rest: NONE },
    Object { keys: &[("allow", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("agentRuntime", 120, 3), ("alias", 127, NONE), ("codeMode", 96, NONE), ("params", 127, 6),
        ("pickerRuntimes", 64, NONE), ("streaming", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[], closed: 0, rest: 80 },
    Object { keys: &[
        ("fallbacks", 124, NONE), ("primary", 124, NONE), ("timeoutMs", 120, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[("personality", 24, NONE)], closed: 24, rest: NONE },
    Object { keys: &[("gpt5", 24, 83)], closed: 24, rest: NONE },
    Object { keys: &[
        ("base", 24, NONE), ("max", 24, NONE), ("min", 24, NONE), ("perProfile", 24, NONE),
    ], closed: 24, rest: NONE },
    Object { keys: &[
        ("allowHostControl", 127, NONE), ("autoStart", 127, NONE),
        ("autoStartTimeoutMs", 127, NONE), ("binds", 126, NONE), ("cdpPort", 127, NONE),
        ("cdpSourceRange", 124, NONE), ("containerPrefix", 127, NONE), ("enableNoVnc", 31, NONE),
        ("enabled", 127, NONE), ("headless", 127, NONE), ("image", 127, NONE),
        ("network", 124, NONE), ("noVncEnabled", 96, NONE), ("noVncPort", 127, NONE),
        ("vncPort", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("hard", 127, NONE), ("soft", 127, NONE)], closed: 127, rest: NONE },
    Object { keys: &[], closed: 0, rest: 87 },
    Object { keys: &[
        ("apparmorProfile", 127, NONE), ("binds", 127, NONE), ("capDrop", 127, NONE),
        ("containerPrefix", 127, NONE), ("cpus", 127, NONE),
        ("dangerouslyAllowContainerNamespaceJoin", 124, NONE),
        ("dangerouslyAllowExternalBindSources", 124, NONE),
        ("dangerouslyAllowReservedContainerTargets", 124, NONE), ("dns", 127, NONE),
        ("env", 127, 6), ("extraHosts", 127, NONE), ("gpus", 120, NONE), ("image", 127, NONE),
        ("memory", 127, NONE), ("memorySwap", 127, NONE), ("network", 127, NONE),
        ("pidsLimit", 127, NONE), ("readOnlyRoot", 127, NONE), ("seccompProfile", 127, NONE),
        ("setupCommand", 127, NONE), ("tmpfs", 127, NONE), ("ulimits", 127, 88),
        ("user", 127, NONE), ("workdir", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("idleHours", 127, NONE), ("maxAgeDays", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("certificateData", 124, 4), ("certificateFile", 124, NONE), ("command", 124, NONE),
        ("identityData", 124, 4), ("identityFile", 124, NONE), ("knownHostsData", 124, 4),
        ("knownHostsFile", 124, NONE), ("strictHostKeyChecking", 124, NONE), ("target", 124, NONE),
        ("updateHostKeys", 124, NONE), ("workspaceRoot", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("backend", 124, NONE), ("browser", 127, 86), ("docker", 127, 89), ("mode", 127, NONE),
        ("perSession", 7, NONE), ("prune", 127, 90), ("scope", 127, NONE),
        ("sessionToolsVisibility", 127, NONE), ("ssh", 124, 91), ("workspaceAccess", 127, NONE),
        ("workspaceRoot", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("group", 120, NONE), ("internal", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[
        ("applyOn", 124, NONE), ("dailyMemoryDays", 124, NONE), ("enabled", 124, NONE),
        ("maxFileBytes", 124, NONE), ("maxFileChars", 124, NONE), ("maxTotalChars", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[
        ("allowAgents", 124, NONE), ("announceTimeoutMs", 124, NONE),
        ("archiveAfterMinutes", 127, NONE), ("delegationMode", 120, NONE),
        ("maxChildrenPerAgent", 126, NONE), ("maxConcurrent", 127, NONE),
        ("maxSpawnDepth", 126, NONE), ("model", 127, 78), ("requireAgentId", 124, NONE),
        ("runTimeoutSeconds", 124, NONE), ("thinking", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("fallbacks", 120, NONE), ("primary", 120, NONE), ("timeoutMs", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("authInheritance", 96, 27), ("blockStreamingBreak", 127, NONE),
        ("blockStreamingChunk", 127, 28), ("blockStreamingCoalesce", 127, 29),
        ("blockStreamingDefault", 127, NONE), ("bootstrapMaxChars", 127, NONE),
        ("bootstrapPromptTruncationWarning", 28, NONE), ("bootstrapTotalMaxChars", 126, NONE),
        ("cliBackends", 31, 35), ("compaction", 127, 39), ("contextInjection", 124, NONE),
        ("contextLimits", 124, 40), ("contextPruning", 127, 44), ("contextTokens", 127, NONE),
        ("cwd", 64, NONE), ("decisionModel", 64, NONE), ("elevatedDefault", 127, NONE),
        ("embeddedAgent", 120, 46), ("embeddedHarness", 4, 47), ("embeddedPi", 4, 48),
        ("envelopeElapsed", 31, NONE), ("envelopeTimestamp", 31, NONE),
        ("envelopeTimezone", 31, NONE), ("experimental", 124, 49), ("fastModeDefault", 96, NONE),
        ("heartbeat", 127, 51), ("humanDelay", 127, 52), ("imageGenerationModel", 28, 53),
        ("imageMaxDimensionPx", 126, NONE), ("imageModel", 127, 54), ("imageQuality", 120, NONE),
        ("llm", 4, 55), ("maxConcurrent", 127, NONE),
        ("mediaGenerationAutoProviderFallback", 28, NONE), ("mediaMaxMb", 127, NONE),
        ("mediaModels", 96, 57), ("memorySearch", 31, 77), ("model", 127, 78),
        ("modelPolicy", 96, 79), ("modelSelectionScope", 96, NONE), ("models", 127, 81),
        ("musicGenerationModel", 28, 53), ("params", 124, 6), ("pdfMaxBytesMb", 28, NONE),
        ("pdfMaxMb", 96, NONE), ("pdfMaxPages", 124, NONE), ("pdfModel", 124, 82),
        ("promptOverlays", 24, 84), ("reasoningDefault", 120, NONE), ("repoRoot", 127, NONE),
        ("runRetries", 24, 85), ("sandbox", 127, 92), ("sessionStore", 96, 27),
        ("silentReply", 120, 93), ("skills", 124, NONE), ("skipBootstrap", 127, NONE),
        ("skipOptionalBootstrapFiles", 120, NONE), ("startupContext", 124, 94),
        ("subagents", 127, 95), ("systemAgent", 96, 27), ("systemPromptOverride", 4, NONE),
        ("thinkingDefault", 127, NONE), ("timeFormat", 31, NONE), ("timeoutSeconds", 127, NONE),
        ("toolProgressDetail", 120, NONE), ("typingIntervalSeconds", 127, NONE),
        ("typingMode", 127, NONE), ("userTimezone", 127, NONE), ("utilityModel", 112, NONE),
        ("verboseDefault", 127, NONE), ("videoGenerationModel", 28, 53), ("voiceModel", 120, 96),
        ("workspace", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("memoryGetMaxChars", 96, NONE), ("postCompactionMaxChars", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("executionContract", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("localModelLean", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("historyLimit", 96, NONE), ("mentionPatterns", 96, NONE), ("unmentionedInbound", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("end", 96, NONE), ("start", 96, NONE), ("timezone", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("accountId", 96, NONE), ("activeHours", 96, 102), ("directPolicy", 96, NONE),
        ("every", 96, NONE), ("isolatedSession", 96, NONE), ("lightContext", 96, NONE),
        ("model", 96, NONE), ("prompt", 96, NONE), ("session", 96, NONE), ("target", 96, NONE),
        ("timeoutSeconds", 96, NONE), ("to", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("maxMs", 96, NONE), ("minMs", 96, NONE), ("mode", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("avatar", 96, NONE), ("emoji", 96, NONE), ("name", 96, NONE), ("theme", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("enabled", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("sessionMemory", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("path", 96, NONE), ("pattern", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("modelPath", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("enabled", 96, NONE), ("maxFileBytes", 96, NONE), ("modalities", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("maxResults", 96, NONE), ("minScore", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("id", 96, NONE), ("provider", 96, NONE), ("source", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("apiKey", 96, 112), ("baseUrl", 96, NONE), ("batch", 96, 106), ("headers", 96, 6),
    ], closed: 96, rest: NONE },
    Object { keys: &[("tokenizer", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("enabled", 96, NONE), ("extensionPath", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("fts", 96, 114), ("vector", 96, 115)], closed: 96, rest: NONE },
    Object { keys: &[
        ("cache", 96, 106), ("documentInputType", 96, NONE), ("enabled", 96, NONE),
        ("experimental", 96, 107), ("extraPaths", 96, 108), ("fallback", 96, NONE),
        ("inputType", 96, NONE), ("local", 96, 109), ("model", 96, NONE), ("multimodal", 96, 110),
        ("outputDimensionality", 96, NONE), ("provider", 96, NONE), ("query", 96, 111),
        ("queryInputType", 96, NONE), ("rememberAcrossConversations", 96, NONE),
        ("remote", 96, 113), ("sources", 96, NONE), ("store", 96, 116),
    ], closed: 96, rest: NONE },
    Object { keys: &[("search", 96, 117)], closed: 96, rest: NONE },
    Object { keys: &[("fallbacks", 96, NONE), ("primary", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("id", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("agentRuntime", 96, 120), ("alias", 96, NONE), ("codeMode", 96, NONE), ("params", 96, 6),
        ("pickerRuntimes", 64, NONE), ("streaming", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 121 },
    Object { keys: &[
        ("agent", 96, NONE), ("backend", 96, NONE), ("cwd", 96, NONE), ("mode", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("acp", 96, 123), ("type", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowHostControl", 96, NONE), ("autoStart", 96, NONE), ("autoStartTimeoutMs", 96, NONE),
        ("binds", 96, NONE), ("cdpPort", 96, NONE), ("cdpSourceRange", 96, NONE),
        ("containerPrefix", 96, NONE), ("enabled", 96, NONE), ("headless", 96, NONE),
        ("image", 96, NONE), ("network", 96, NONE), ("noVncEnabled", 96, NONE),
        ("noVncPort", 96, NONE), ("vncPort", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("hard", 96, NONE), ("soft", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 126 },
    Object { keys: &[
        ("apparmorProfile", 96, NONE), ("binds", 96, NONE), ("capDrop", 96, NONE),
        ("containerPrefix", 96, NONE), ("cpus", 96, NONE),
        ("dangerouslyAllowContainerNamespaceJoin", 96, NONE),
        ("dangerouslyAllowExternalBindSources", 96, NONE),
        ("dangerouslyAllowReservedContainerTargets", 96, NONE), ("dns", 96, NONE), ("env", 96, 6),
        ("extraHosts", 96, NONE), ("gpus", 96, NONE), ("image", 96, NONE), ("memory", 96, NONE),
        ("memorySwap", 96, NONE), ("network", 96, NONE), ("pidsLimit", 96, NONE),
        ("readOnlyRoot", 96, NONE), ("seccompProfile", 96, NONE), ("setupCommand", 96, NONE),
        ("tmpfs", 96, NONE), ("ulimits", 96, 127), ("user", 96, NONE), ("workdir", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("idleHours", 96, NONE), ("maxAgeDays", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("certificateData", 96, 112), ("certificateFile", 96, NONE), ("command", 96, NONE),
        ("identityData", 96, 112), ("identityFile", 96, NONE), ("knownHostsData", 96, 112),
        ("knownHostsFile", 96, NONE), ("strictHostKeyChecking", 96, NONE), ("target", 96, NONE),
        ("updateHostKeys", 96, NONE), ("workspaceRoot", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("backend", 96, NONE), ("browser", 96, 125), ("docker", 96, 128), ("mode", 96, NONE),
        ("prune", 96, 129), ("scope", 96, NONE), ("sessionToolsVisibility", 96, NONE),
        ("ssh", 96, 130), ("workspaceAccess", 96, NONE), ("workspaceRoot", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("maxSkillsPromptChars", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowAgents", 96, NONE), ("delegationMode", 96, NONE), ("model", 96, 119),
        ("requireAgentId", 96, NONE), ("thinking", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("allow", 96, NONE), ("alsoAllow", 96, NONE), ("deny", 96, NONE), ("profile", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 134 },
    Object { keys: &[
        ("enabled", 96, NONE), ("executor", 64, NONE), ("languages", 32, NONE),
        ("maxOutputBytes", 96, NONE), ("maxPendingToolCalls", 96, NONE),
        ("maxSearchLimit", 96, NONE), ("maxSnapshotBytes", 96, NONE),
        ("memoryLimitBytes", 96, NONE), ("mode", 96, NONE), ("runtime", 32, NONE),
        ("searchDefaultLimit", 96, NONE), ("snapshotTtlSeconds", 96, NONE), ("timeoutMs", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("allowFrom", 96, 6), ("enabled", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowModels", 96, NONE), ("enabled", 96, NONE), ("workspaceOnly", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("fastMode", 64, NONE), ("model", 96, 119), ("thinking", 64, NONE), ("timeoutMs", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowedValueFlags", 96, NONE), ("deniedFlags", 96, NONE), ("maxPositional", 96, NONE),
        ("minPositional", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 140 },
    Object { keys: &[
        ("applyPatch", 96, 138), ("approvalRunningNoticeMs", 96, NONE), ("ask", 96, NONE),
        ("backgroundMs", 96, NONE), ("cleanupMs", 96, NONE), ("commandHighlighting", 96, NONE),
        ("grantExpiryDays", 96, NONE), ("host", 96, NONE), ("mode", 96, NONE), ("node", 96, NONE),
        ("notifyOnExit", 96, NONE), ("notifyOnExitEmptySuccess", 96, NONE),
        ("pathPrepend", 96, NONE), ("reviewer", 96, 139), ("safeBinProfiles", 96, 141),
        ("safeBinTrustedDirs", 96, NONE), ("safeBins", 96, NONE), ("security", 96, NONE),
        ("strictInlineEval", 96, NONE), ("timeoutSeconds", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("workspaceOnly", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[("email", 96, NONE), ("name", 96, NONE)], closed: 96, rest: NONE },
    Object { keys: &[
        ("gitAuthor", 96, 144), ("kind", 96, NONE), ("profileId", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("enabled", 96, NONE), ("prefix", 96, NONE), ("suffix", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowAcrossProviders", 96, NONE), ("allowWithinProvider", 96, NONE), ("marker", 96, 146),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("actions", 96, 79), ("broadcast", 96, 106), ("crossContext", 96, 147),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("allow", 96, NONE), ("alsoAllow", 96, NONE), ("deny", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("tools", 96, 149)], closed: 96, rest: NONE },
    Object { keys: &[
        ("defaultAgentId", 96, NONE), ("enabled", 96, NONE), ("maxChildrenPerGroup", 96, NONE),
        ("maxConcurrent", 96, NONE), ("maxTotalPerGroup", 96, NONE),
        ("waitTimeoutSecondsMax", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 149 },
    Object { keys: &[
        ("allow", 96, NONE), ("alsoAllow", 96, NONE), ("byProvider", 96, 135),
        ("codeMode", 96, 136), ("deny", 96, NONE), ("elevated", 96, 137), ("exec", 96, 142),
        ("fs", 96, 143), ("github", 96, 145), ("loopDetection", 96, 106), ("message", 96, 148),
        ("profile", 96, NONE), ("sandbox", 96, 150), ("swarm", 96, 151), ("toolsBySender", 96, 152),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("allowModelId", 96, NONE), ("allowNormalization", 96, NONE), ("allowProvider", 96, NONE),
        ("allowSeed", 96, NONE), ("allowText", 96, NONE), ("allowVoice", 96, NONE),
        ("allowVoiceSettings", 96, NONE), ("enabled", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[("apiKey", 96, 112)], closed: 0, rest: 6 },
    Object { keys: &[], closed: 0, rest: 155 },
    Object { keys: &[
        ("description", 96, NONE), ("fallbackPolicy", 96, NONE), ("label", 96, NONE),
        ("provider", 96, NONE), ("providers", 96, 156),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 157 },
    Object { keys: &[
        ("auto", 96, NONE), ("enabled", 96, NONE), ("maxTextLength", 96, NONE), ("mode", 96, NONE),
        ("modelOverrides", 96, 154), ("persona", 96, NONE), ("personas", 96, 158),
        ("prefsPath", 96, NONE), ("provider", 96, NONE), ("providers", 96, 156),
        ("summaryModel", 96, NONE), ("timeoutMs", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[
        ("agentDir", 96, NONE), ("bootstrapMaxChars", 96, NONE),
        ("bootstrapTotalMaxChars", 96, NONE), ("contextInjection", 96, NONE),
        ("contextLimits", 96, 98), ("contextTokens", 96, NONE), ("cwd", 64, NONE),
        ("decisionModel", 64, NONE), ("default", 96, NONE), ("description", 96, NONE),
        ("embeddedAgent", 96, 99), ("experimental", 96, 100), ("fastModeDefault", 96, NONE),
        ("groupChat", 96, 101), ("heartbeat", 96, 103), ("humanDelay", 96, 104),
        ("identity", 96, 105), ("memory", 96, 118), ("model", 96, 119), ("modelPolicy", 96, 79),
        ("models", 96, 122), ("name", 96, NONE), ("params", 96, 6), ("reasoningDefault", 96, NONE),
        ("runtime", 96, 124), ("sandbox", 96, 131), ("skills", 96, NONE), ("skillsLimits", 96, 132),
        ("subagents", 96, 133), ("thinkingDefault", 96, NONE), ("toolProgressDetail", 96, NONE),
        ("tools", 96, 153), ("tts", 96, 159), ("typingMode", 96, NONE), ("utilityModel", 96, NONE),
        ("verboseDefault", 96, NONE), ("workspace", 96, NONE),
    ], closed: 96, rest: NONE },
    Object { keys: &[], closed: 0, rest: 160 },
    Object { keys: &[("executionContract", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[("executionContract", 4, NONE)], closed: 4, rest: NONE },
    Object { keys: &[("localModelLean", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[
        ("historyLimit", 127, NONE), ("mentionPatterns", 127, NONE),
        ("unmentionedInbound", 120, NONE), ("visibleReplies", 24, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("accountId", 127, NONE), ("ackMaxChars", 31, NONE), ("activeHours", 127, 50),
        ("directPolicy", 124, NONE), ("every", 127, NONE), ("includeReasoning", 31, NONE),
        ("includeSystemPromptSection", 28, NONE), ("isolatedSession", 124, NONE),
        ("lightContext", 124, NONE), ("model", 127, NONE), ("prompt", 127, NONE),
        ("session", 127, NONE), ("skipWhenBusy", 24, NONE), ("suppressToolErrorWarnings", 30, NONE),
        ("target", 127, NONE), ("timeoutSeconds", 124, NONE), ("to", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("avatar", 127, NONE), ("emoji", 127, NONE), ("name", 127, NONE), ("theme", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("agentRuntime", 120, 3), ("alias", 120, NONE), ("codeMode", 96, NONE), ("params", 120, 6),
        ("pickerRuntimes", 64, NONE), ("streaming", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[], closed: 0, rest: 168 },
    Object { keys: &[
        ("agent", 124, NONE), ("backend", 124, NONE), ("cwd", 124, NONE), ("mode", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[("acp", 124, 170), ("type", 124, NONE)], closed: 124, rest: NONE },
    Object { keys: &[("maxSkillsPromptChars", 124, NONE)], closed: 124, rest: NONE },
    Object { keys: &[
        ("allowAgents", 127, NONE), ("delegationMode", 120, NONE), ("model", 127, 78),
        ("requireAgentId", 124, NONE), ("thinking", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("allow", 127, NONE), ("alsoAllow", 127, NONE), ("deny", 127, NONE), ("profile", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[], closed: 0, rest: 174 },
    Object { keys: &[
        ("enabled", 120, NONE), ("executor", 64, NONE), ("languages", 56, NONE),
        ("maxOutputBytes", 120, NONE), ("maxPendingToolCalls", 120, NONE),
        ("maxSearchLimit", 120, NONE), ("maxSnapshotBytes", 120, NONE),
        ("memoryLimitBytes", 120, NONE), ("mode", 120, NONE), ("runtime", 56, NONE),
        ("searchDefaultLimit", 120, NONE), ("snapshotTtlSeconds", 120, NONE),
        ("timeoutMs", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[("allowFrom", 127, 6), ("enabled", 127, NONE)], closed: 127, rest: NONE },
    Object { keys: &[
        ("allowModels", 127, NONE), ("enabled", 127, NONE), ("workspaceOnly", 126, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("fallbacks", 120, NONE), ("primary", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[
        ("fastMode", 64, NONE), ("model", 120, 179), ("thinking", 64, NONE),
        ("timeoutMs", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("allowedValueFlags", 124, NONE), ("deniedFlags", 124, NONE), ("maxPositional", 124, NONE),
        ("minPositional", 124, NONE),
    ], closed: 124, rest: NONE },
    Object { keys: &[], closed: 0, rest: 181 },
    Object { keys: &[
        ("applyPatch", 127, 178), ("approvalRunningNoticeMs", 127, NONE), ("ask", 127, NONE),
        ("backgroundMs", 127, NONE), ("cleanupMs", 127, NONE), ("commandHighlighting", 120, NONE),
        ("grantExpiryDays", 96, NONE), ("host", 127, NONE), ("mode", 120, NONE),
        ("node", 127, NONE), ("notifyOnExit", 127, NONE), ("notifyOnExitEmptySuccess", 126, NONE),
        ("pathPrepend", 127, NONE), ("reviewer", 120, 180), ("safeBinProfiles", 124, 182),
        ("safeBinTrustedDirs", 124, NONE), ("safeBins", 127, NONE), ("security", 127, NONE),
        ("strictInlineEval", 124, NONE), ("timeoutSec", 31, NONE), ("timeoutSeconds", 96, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("workspaceOnly", 126, NONE)], closed: 126, rest: NONE },
    Object { keys: &[
        ("genericRepeat", 30, NONE), ("knownPollNoProgress", 30, NONE), ("pingPong", 30, NONE),
    ], closed: 30, rest: NONE },
    Object { keys: &[("windowSize", 24, NONE)], closed: 24, rest: NONE },
    Object { keys: &[
        ("criticalThreshold", 30, NONE), ("detectors", 30, 185), ("enabled", 126, NONE),
        ("globalCircuitBreakerThreshold", 30, NONE), ("historySize", 30, NONE),
        ("postCompactionGuard", 24, 186), ("unknownToolThreshold", 28, NONE),
        ("warningThreshold", 30, NONE),
    ], closed: 126, rest: NONE },
    Object { keys: &[("allow", 120, NONE)], closed: 120, rest: NONE },
    Object { keys: &[
        ("enabled", 120, NONE), ("prefix", 120, NONE), ("suffix", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("allowAcrossProviders", 120, NONE), ("allowWithinProvider", 120, NONE),
        ("marker", 120, 189),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("actions", 120, 188), ("allowCrossContextSend", 24, NONE), ("broadcast", 120, 37),
        ("crossContext", 120, 190),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("allow", 127, NONE), ("alsoAllow", 127, NONE), ("deny", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[("tools", 127, 192)], closed: 127, rest: NONE },
    Object { keys: &[
        ("allow", 120, NONE), ("alsoAllow", 120, NONE), ("deny", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[], closed: 0, rest: 194 },
    Object { keys: &[
        ("allow", 127, NONE), ("alsoAllow", 127, NONE), ("byProvider", 127, 175),
        ("codeMode", 120, 176), ("deny", 127, NONE), ("elevated", 127, 177), ("exec", 127, 183),
        ("fs", 126, 184), ("github", 96, 145), ("loopDetection", 126, 187), ("message", 120, 191),
        ("profile", 127, NONE), ("sandbox", 127, 193), ("swarm", 96, 151),
        ("toolsBySender", 120, 195),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("allowModelId", 120, NONE), ("allowNormalization", 120, NONE),
        ("allowProvider", 120, NONE), ("allowSeed", 120, NONE), ("allowText", 120, NONE),
        ("allowVoice", 120, NONE), ("allowVoiceSettings", 120, NONE), ("enabled", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("accent", 24, NONE), ("constraints", 24, NONE), ("pacing", 24, NONE),
        ("profile", 24, NONE), ("sampleContext", 24, NONE), ("scene", 24, NONE),
        ("style", 24, NONE),
    ], closed: 24, rest: NONE },
    Object { keys: &[
        ("id", 120, NONE), ("provider", 120, NONE), ("source", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[("apiKey", 120, 199)], closed: 0, rest: 6 },
    Object { keys: &[], closed: 0, rest: 200 },
    Object { keys: &[
        ("description", 120, NONE), ("fallbackPolicy", 120, NONE), ("label", 120, NONE),
        ("prompt", 24, 198), ("provider", 120, NONE), ("providers", 120, 201),
    ], closed: 120, rest: NONE },
    Object { keys: &[], closed: 0, rest: 202 },
    Object { keys: &[
        ("auto", 120, NONE), ("enabled", 120, NONE), ("maxTextLength", 120, NONE),
        ("mode", 120, NONE), ("modelOverrides", 120, 197), ("persona", 120, NONE),
        ("personas", 120, 203), ("prefsPath", 120, NONE), ("provider", 120, NONE),
        ("providers", 120, 201), ("summaryModel", 120, NONE), ("timeoutMs", 120, NONE),
    ], closed: 120, rest: NONE },
    Object { keys: &[
        ("agentDir", 127, NONE), ("bootstrapMaxChars", 120, NONE),
        ("bootstrapTotalMaxChars", 120, NONE), ("contextInjection", 120, NONE),
        ("contextLimits", 124, 40), ("contextTokens", 120, NONE), ("cwd", 64, NONE),
        ("decisionModel", 64, NONE), ("default", 127, NONE), ("description", 120, NONE),
        ("embeddedAgent", 120, 162), ("embeddedHarness", 4, 47), ("embeddedPi", 4, 163),
        ("experimental", 120, 164), ("fastModeDefault", 124, NONE), ("groupChat", 127, 165),
        ("heartbeat", 127, 166), ("humanDelay", 127, 52), ("id", 127, NONE), ("identity", 127, 167),
        ("memory", 96, 118), ("memorySearch", 31, 77), ("model", 127, 78), ("modelPolicy", 96, 79),
        ("models", 120, 169), ("name", 127, NONE), ("params", 124, 6),
        ("reasoningDefault", 124, NONE), ("runRetries", 24, 85), ("runtime", 124, 171),
        ("sandbox", 127, 92), ("skills", 127, NONE), ("skillsLimits", 124, 172),
        ("subagents", 127, 173), ("systemPromptOverride", 4, NONE), ("thinkingDefault", 124, NONE),
        ("toolProgressDetail", 120, NONE), ("tools", 127, 196), ("tts", 120, 204),
        ("typingMode", 96, NONE), ("utilityModel", 112, NONE), ("verboseDefault", 120, NONE),
        ("workspace", 127, NONE),
    ], closed: 127, rest: NONE },
    Object { keys: &[
        ("defaults", 127, 97), ("entries", 96, 161), ("list", 127, 205), ("ownership", 96, NONE),
    ], closed: 127, rest: NONE },
];
